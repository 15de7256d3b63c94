from importlib import import_module
from typing import Any

from django.db import migrations, models

people: Any = import_module("cases.migrations.0037_people")

# In the ledger of customers and organisations spam is neither open nor past, and what it holds does not count.
WITHOUT_SPAM = (
    ("CASE WHEN status IN", "CASE WHEN spam THEN 'spam' WHEN status IN"),
    ("FROM changed CROSS JOIN LATERAL (", "FROM (SELECT * FROM changed WHERE what <> 'spam') AS changed CROSS JOIN LATERAL ("),
    ("    WHERE n <> 0\n", "    WHERE n <> 0 AND NOT spam\n"),
    ("WHERE owner IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6\n", "WHERE owner IS NOT NULL AND (NOT spam OR what = 'spam') GROUP BY 1, 2, 3, 4, 5, 6\n"),
)
HELD = "LOCK TABLE cases_case, cases_promise, cases_rating IN SHARE ROW EXCLUSIVE MODE"
# Adds what the ledger lacks by the view, and takes out what it has too much.
BRING_UP_TO_DATE = """
INSERT INTO cases_casecount (whose, owner, system, team, escalated_to, what, n)
SELECT whose, owner, system, team, escalated_to, what, sum(n) FROM (
    SELECT whose, owner, system, team, escalated_to, what, n FROM cases_counted
    UNION ALL SELECT whose, owner, system, team, escalated_to, what, -n FROM cases_casecount
) AS both_sides GROUP BY 1, 2, 3, 4, 5, 6 HAVING sum(n) <> 0
"""


def functions() -> list[str]:
    """Those of the triggers, and the view, as they were made first."""
    made = [statement.partition("CREATE TRIGGER")[0] for statement in people.TRIGGERS] + [people.TRUTH]
    return [statement.replace("CREATE ", "CREATE OR REPLACE ", 1) for statement in made]


def without_spam() -> list[str]:
    found = []
    for before in functions():
        after = before
        for old, new in WITHOUT_SPAM:
            after = after.replace(old, new)
        assert after != before  # noqa: S101 - or the text there is another
        found.append(after)
    return found


class Migration(migrations.Migration):
    """What is spam counts for no customer and no organisation, and agents hear of a case that becomes critical."""

    dependencies = [
        ("cases", "0040_push_devices"),
    ]

    operations = [
        migrations.AlterField(
            model_name='casecount',
            name='what',
            field=models.CharField(choices=[('open', 'Open'), ('past', 'Past'), ('spam', 'Spam'), ('kept', 'Kept'), ('late', 'Late'), ('broken', 'Broken'), ('good', 'Good'), ('bad', 'Bad')], max_length=6),
        ),
        migrations.AlterField(
            model_name='noticechoice',
            name='why',
            field=models.CharField(choices=[('mentioned', 'mentioned you'), ('assigned', 'assigned a case to you'), ('new', 'new for your team'), ('critical', 'critical now'), ('replied', 'answered in your case'), ('warned', 'soon due'), ('broken', 'overdue'), ('untaken', 'taken by nobody'), ('escalated', 'escalated to your team'), ('answered', 'answered an escalation'), ('rated', 'rated your help'), ('followed', 'in a case you follow'), ('own', 'in a case that you reported')], max_length=9),
        ),
        migrations.AlterField(
            model_name='notification',
            name='why',
            field=models.CharField(choices=[('mentioned', 'mentioned you'), ('assigned', 'assigned a case to you'), ('new', 'new for your team'), ('critical', 'critical now'), ('replied', 'answered in your case'), ('warned', 'soon due'), ('broken', 'overdue'), ('untaken', 'taken by nobody'), ('escalated', 'escalated to your team'), ('answered', 'answered an escalation'), ('rated', 'rated your help'), ('followed', 'in a case you follow'), ('own', 'in a case that you reported')], max_length=9),
        ),
        migrations.AlterField(
            model_name='tomail',
            name='why',
            field=models.CharField(choices=[('mentioned', 'mentioned you'), ('assigned', 'assigned a case to you'), ('new', 'new for your team'), ('critical', 'critical now'), ('replied', 'answered in your case'), ('warned', 'soon due'), ('broken', 'overdue'), ('untaken', 'taken by nobody'), ('escalated', 'escalated to your team'), ('answered', 'answered an escalation'), ('rated', 'rated your help'), ('followed', 'in a case you follow'), ('own', 'in a case that you reported')], max_length=9),
        ),
        migrations.RunSQL(
            [HELD, *without_spam(), BRING_UP_TO_DATE],
            [HELD, *functions(), BRING_UP_TO_DATE],
        ),
    ]
