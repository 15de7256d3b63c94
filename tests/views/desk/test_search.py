import pytest
from django.urls import reverse

from cases.actions import conversation, resolution, triage
from cases.models import Outcome, ReceivedMail
from cases.queries import search
from cases.views.desk import search as views
from tests.factories import CaseFactory, SystemFactory


@pytest.fixture
def desk(ada, browser_of):
    browser = browser_of(ada)
    return lambda text="", **filters: browser.get(reverse("search"), {"q": text} | filters)


def shown(response):
    return [match.case.number for match in response.context["cases"]]


def test_an_empty_search_says_what_one_can_look_for(desk):
    response = desk()
    assert "Search messages, notes, summaries, resolutions, root causes and people." in response.text
    assert "cases" not in response.context


def test_each_case_is_shown_with_who_said_it(desk, ada, case):
    conversation.reply(case, by=ada, body="Is a pelican sitting on it?")
    response = desk("pelicans")
    assert shown(response) == [case.number]
    assert "<b>1 case</b>" in response.text
    assert "Is a <mark>pelican</mark> sitting on it?" in response.text
    assert f'href="/desk/cases/{case.number}/#event-3"><b>Ada</b>' in response.text


def test_notes_and_root_causes_are_marked_as_internal(desk, ada, case):
    conversation.add_note(case, by=ada, body="The toucan again.")
    resolution.resolve(case, by=ada, resolution="Gone.", root_cause="A heron.")
    for text in ("toucan", "heron"):
        assert 'class="excerpt internal"' in desk(text).text
    assert 'class="excerpt internal"' not in desk("refused").text


def test_what_was_typed_cannot_become_markup(desk, ada, case):
    conversation.reply(case, by=ada, body="\x02\x03<script>alert(1)</script> & pelican \x02 <b>\x03")
    text = desk("pelican").text
    assert "<script>alert" not in text
    assert "alert(1) &amp; <mark>pelican</mark>" in " ".join(text.split())
    assert text.count("<mark>") == text.count("</mark>") == 1
    assert 'value="&quot;&gt;&lt;script&gt;"' in desk('"><script>').text


def test_an_event_far_back_in_its_case_is_linked_where_it_is_shown(desk, ada, case):
    conversation.reply(case, by=ada, body="A pelican.")
    for _ in range(60):
        conversation.reply(case, by=ada, body="Hm.")
    assert f"/desk/cases/{case.number}/?before=13#event-3" in desk("pelican").text


def test_text_goes_with_filters(desk, ada, case):
    other = CaseFactory(severity=4, system=SystemFactory(name="Scale"))
    triage.assign(other, by=ada, assignee=ada)
    closed = CaseFactory()
    resolution.close(closed, by=ada)
    for name, value, expected in [
        ("severity", 4, other),
        ("system", other.system.pk, other),
        ("assignee", "me", other),
        ("status", "closed", closed),
    ]:
        assert shown(desk("reader", **{name: value})) == [expected.number], name
    assert set(shown(desk("reader", status="active"))) == {case.number, other.number}
    assert shown(desk("reader", order="newest")) == [closed.number, other.number, case.number]
    assert "with these filters" in desk("reader", severity=1).text


def test_a_number_or_case_id_opens_the_case(desk, ada, browser_of, case):
    for text in (str(case.number), f"#{case.number}", case.reference):
        assert desk(text).url == reverse("desk_case", args=[case.number])
    answer = browser_of(ada).get(reverse("search"), {"q": str(case.number)}, headers={"HX-Request": "true"})
    assert answer["HX-Redirect"] == reverse("desk_case", args=[case.number])
    assert desk("99999999999999999999").status_code == desk("#0").status_code == 200


def test_pages_and_looking_further_back(desk, monkeypatch):
    monkeypatch.setattr(views, "PAGE", 2)
    cases = [CaseFactory() for _ in range(5)]
    numbers = [case.number for case in reversed(cases)]
    assert shown(desk("reader", order="newest", page=1)) == numbers[2:4]
    assert shown(desk("reader", order="newest", page=999)) == numbers[4:]
    assert shown(desk("reader", order="newest", back=cases[2].number)) == numbers[3:]
    assert "Look further back" not in desk("reader").text


def test_what_is_found_further_back_is_a_link_away(desk, apart, monkeypatch):
    monkeypatch.setattr(search, "FEW", 0)
    monkeypatch.setattr(search, "ENOUGH", 1)
    apart(10)
    old = CaseFactory()
    apart(900_000)
    new = CaseFactory()
    response = desk("reader")
    assert shown(response) == [new.number]
    assert "of those opened since" in response.text
    back = response.context["back"]
    assert f"?q=reader&amp;back={back}" in response.text
    response = desk("reader", back=back)
    assert shown(response) == [old.number]
    assert "Look further back" not in response.text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ({"q": "x" * 10_000}, "Search for up to 200 characters, without invisible ones."),
        ({"q": "a\x00b"}, "Search for up to 200 characters, without invisible ones."),
        ({"q": "the"}, "Add another word."),
        ({"q": "!?"}, "Add another word."),
        ({"q": "-reader"}, "Add a word to look for."),
        ({"q": "reader", "severity": "9"}, "“9” is not a known severity"),
        ({"q": "reader", "system": "x\x00"}, "is not a known system"),
        ({"q": "reader", "back": "yesterday"}, "That page no longer exists, so here’s the first."),
        ({"q": "reader", "back": "9" * 30}, "That page no longer exists, so here’s the first."),
    ],
)
def test_what_cannot_be_is_answered_with_a_sentence_and_stays_as_typed(desk, case, query, sentence):
    response = desk(query.pop("q"), **query)
    assert response.status_code == 200
    assert sentence in response.text.replace("&#x27;", "'")
    typed = response.wsgi_request.GET["q"]
    assert f'value="{typed}"' in response.text


@pytest.mark.parametrize(
    "text", ['"reader', "reader'", "\\", "é" * 200, "1" * 18, "-", "reader or", "((", "a:*"]
)
def test_no_search_is_an_error(desk, case, text):
    assert desk(text).status_code == 200


def test_the_queries_do_not_grow_with_what_is_found(desk, ada, case, django_assert_max_num_queries):
    for _ in range(25):
        conversation.add_note(CaseFactory(), by=ada, body="A reader.")
    with django_assert_max_num_queries(22):
        assert len(shown(desk("reader"))) == 20


def test_a_customer_sees_excerpts_of_what_they_may_see(ada, cleo, browser_of, case):
    conversation.reply(case, by=ada, body="A pelican sat on it.")
    conversation.add_note(case, by=ada, body="The pelican is a toucan.")
    response = browser_of(cleo).get(reverse("cases"), {"q": "pelican"})
    assert "A <mark>pelican</mark> sat on it." in response.text
    assert "toucan" not in response.text
    assert "/desk/" not in response.text
    assert (
        "No case of yours or your colleagues’ matches"
        in browser_of(cleo).get(reverse("cases"), {"q": "toucan"}).text
    )


def test_what_a_mail_quotes_is_found_at_the_desk_alone_and_shown_as_such(desk, cleo, browser_of, case):
    ReceivedMail.objects.create(
        digest="0" * 64, case=case, outcome=Outcome.CONTINUED, folded="> The pelican sat on it.", size=9
    )
    page = desk("pelican")
    assert shown(page) == [case.number]
    assert "Quoted in an email" in page.text
    assert "The <mark>pelican</mark> sat on it." in page.text
    assert (
        "No case of yours or your colleagues’ matches"
        in browser_of(cleo).get(reverse("cases"), {"q": "pelican"}).text
    )
