"""The page of the jobs in administration."""

import pytest
from django.urls import reverse
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob

from cases.actions import jobs
from cases.queries.jobs import SHOWN
from cases.wording.jobs import DOES
from tests.factories import job

pytestmark = pytest.mark.django_db
URL = reverse("admin:jobs")


def test_it_says_what_runs_waits_and_failed_and_why(adam, browser_of):
    broken, other = job("failed", event=12), job("failed", task="export_person", export=3)
    jobs.note_failure(broken, TimeoutError("x"))
    jobs.note_failure(other, KeyError("anna@example.com"))
    job("doing", task="run_bulk", bulk=7)
    job("todo", task="mail_text", to="anna@example.com", subject="Hello", body="Secret")
    page = browser_of(adam).get(URL).text
    for words in ("Mail about a case", "event 12", "It took too long.", "bulk 7", "Change many cases"):
        assert words in page
    assert "Something went wrong (KeyError)." in page
    assert "anna@example.com" not in page
    assert "Secret" not in page


def test_a_job_is_tried_again_and_another_given_up(adam, browser_of):
    one, other = job("failed"), job("failed")
    browser = browser_of(adam)
    again = browser.post(reverse("admin:job_again", args=[one]), follow=True)
    assert "The job is tried again within seconds." in again.text
    gone = browser.post(reverse("admin:job_removal", args=[other]), follow=True)
    assert "The job is given up." in gone.text
    assert [found.status for found in ProcrastinateJob.objects.filter(pk__in=[one, other])] == ["todo"]


def test_what_is_over_by_now_is_a_sentence(adam, browser_of):
    answer = browser_of(adam).post(reverse("admin:job_again", args=[999_999]), follow=True)
    assert "This job is running, or done, by now." in answer.text


def test_older_failures_are_a_page_further_and_cost_no_more_queries(
    adam, browser_of, django_assert_max_num_queries
):
    keys = [job("failed") for _ in range(SHOWN + 3)]
    browser = browser_of(adam)
    with django_assert_max_num_queries(22):
        page = browser.get(URL).text
    assert f"?before={keys[3]}" in page
    older = browser.get(URL, {"before": keys[3]}).text
    assert f"Job {keys[0]}" in older
    assert f"Job {keys[3]}" not in older


def test_every_job_has_words():
    app.perform_import_paths()
    tasks = {name.rpartition(".")[2] for name in app.tasks if name.startswith("cases.")}
    assert "mail_event" in tasks
    assert tasks == DOES.keys()
