import os
import socket
import subprocess
import sys
import threading
from json import loads

import pytest
from django.urls import Resolver404, resolve

from bench import bars, client, figures, reading, scene, sockets
from bench.__main__ import MARK, folder, isolate
from bench.peer.tickets import tickets
from bench.server import ROOT
from cases.queries import brand


@pytest.mark.parametrize(("share", "expected"), [(0, 1), (0.5, 50), (0.95, 95), (0.99, 99), (1, 100)])
def test_a_percentile_is_a_time_that_was_measured(share, expected):
    assert figures.percentile([*range(100, 0, -1)], share) == expected


def test_one_time_is_every_percentile_of_itself():
    assert {figures.percentile([7.0], share) for share in (0, 0.5, 0.99, 1)} == {7.0}


def test_a_summary_counts_requests_by_the_second():
    row = figures.summary("queue", 8, [1.0, 2.0, 3.0, 4.0], seconds=0.5, size=2048, queries=5)
    assert (row.p50, row.p99, row.per_second, row.bytes) == (2.0, 4.0, 8.0, 2048)


def test_lines_stand_under_their_titles():
    row = figures.summary("case, desk", 8, [1234.5], seconds=1, size=1_234_567, queries=12)
    assert len(figures.line(row)) == len(figures.header())
    assert figures.line(row).split()[-4:] == ["1234.5", "1", "1,234,567", "12"]


@pytest.fixture
def answering():
    """Starts a server that gives each request the next of the answers; returns its port."""
    listeners = []

    def start(*answers):
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve():
            connection, _ = listener.accept()
            with connection:
                for answer in answers:
                    received = connection.recv(65536)
                    asked.append(received)
                    connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        return listener.getsockname()[1]

    asked = start.asked = []
    yield start
    for listener in listeners:
        listener.close()


GET = {"method": "GET", "path": "/desk/", "headers": {}, "form": None}


def test_a_form_carries_a_new_token_and_the_cursor_of_the_answer_before(answering):
    answer = b'HTTP/1.1 200 OK\r\ncontent-length: 30\r\n\r\n<input name="after" value="7">'
    port = answering(answer, answer)
    form = {"body": "Hello", "after": "6"}
    visitor = client.Visitor(port, "POST", "/cases/1/replies/", {"HX-Request": "true"}, form)
    visitor.ask(2, until=float("inf"), status=200)
    first, second = (asked.decode() for asked in answering.asked)
    assert "HX-Request: true" in first
    assert "after=6" in first
    assert "after=7" in second
    assert first.split("token=")[1] != second.split("token=")[1]


def test_a_wrong_status_is_a_sentence(answering):
    port = answering(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 2\r\n\r\nno")
    with pytest.raises(client.AnswerError, match=r"^GET /desk/ answered 403 instead of 200\.$"):
        client.measure(port, [GET], status=200, warm=1, times=1, seconds=1)


def test_a_closed_connection_is_a_sentence(answering):
    port = answering(b"HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\nhalf")
    with pytest.raises(client.AnswerError, match="the server closed the connection"):
        client.measure(port, [GET], status=200, warm=1, times=1, seconds=1)


def test_what_does_not_count_is_not_in_the_times(answering):
    nothing = b"HTTP/1.1 204 No Content\r\n\r\n"
    found = client.measure(answering(*[nothing] * 5), [GET], status=204, warm=2, times=3, seconds=1)
    assert len(found["times"]) == 3
    assert found["size"] == 0


def test_a_folder_with_other_contents_is_left_alone(tmp_path):
    (tmp_path / "postgres").mkdir()
    with pytest.raises(SystemExit, match="holds something that no benchmark made"):
        folder(tmp_path)
    (tmp_path / MARK).touch()
    assert folder(tmp_path) == tmp_path


def test_no_setting_of_the_shell_leads_to_somebodys_data(monkeypatch, tmp_path):
    environment = {
        "DATABASE_URL": "postgresql://shop.example.com/live",
        "CASELINE_MAIL_SERVER": "smtp://mail.example.com",
        "CASELINE_THREADS": "4",
    }
    monkeypatch.setattr("os.environ", dict(environment))
    isolate(tmp_path)
    assert os.environ == {
        "CASELINE_THREADS": "4",
        "CASELINE_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "bench.settings",
    }


def test_the_next_page_is_where_its_link_leads():
    html = '<a href="?">Beginning</a> <a class="button" href="?status=all&amp;after=x">Next page</a>'
    assert reading.next_page(html, "/desk/?status=all") == "/desk/?status=all&after=x"
    assert reading.next_page("<a href='/'>Home</a>", "/desk/") is None


def test_an_open_page_fetches_what_its_markup_says():
    html = """<div id="live" data-live="/live/?on=queue" hx-get="/desk/live/?a=1&amp;b=2" hx-include="#shown, #newest"></div>
              <input id="shown" name="rows" value="7.2 "><input name="q"><input id="newest" name="newest">"""
    assert reading.live_parts(html) == ("/live/?on=queue", "/desk/live/?a=1&b=2", ["shown", "newest"])
    assert reading.fields(html) == {"shown": ("rows", "7.2 "), "newest": ("newest", "")}


def row(page, p50, clients=1, queries=3, p95=None):
    return figures.Row(page, clients, p50, p95 or p50, p50, 1, 1, queries)


def verdict(results, start):
    return next(bar.verdict for bar in bars.bars(results) if bar.promise.startswith(start))


def test_growth_is_what_one_visitor_waits_longer():
    results = bars.Results({10: [row("queue", 2.0)], 100: [row("queue", 3.2), row("queue", 90.0, clients=8)]})
    assert results.growth("queue") == 1.6
    assert verdict(results, "queue with 100 cases / with 10") == "MISSED"


def test_what_this_run_left_out_is_not_measured():
    results = bars.Results({10: [row("queue", 2.0)]})
    assert {bar.verdict for bar in bars.bars(results)} == {"not measured"}


def test_each_search_is_held_against_the_peers_own():
    peer = {
        "tickets": 100,
        "rows": [
            vars(row("search, rare word", 100.0)),
            vars(row("search, common word", 900.0)),
            vars(row("search, rare word", 9000.0, clients=8)),
        ],
    }
    ours = [row("search, rare word", 9.0), row("search, common word", 80.0)]
    assert verdict(bars.Results({10: ours}, peer=peer), "search") == "ok"
    assert verdict(bars.Results({10: [row("search, rare word", 10.0)]}, peer=peer), "search") == "MISSED"


def test_the_session_and_the_user_are_every_pages_queries():
    ticks = [row("tick, nothing new, desk", 1.0, queries=3)]
    assert verdict(bars.Results({10: ticks}), "queries of a tick") == "ok"
    assert verdict(bars.Results({10: [row(ticks[0].page, 1.0, queries=4)]}), "queries of a tick") == "MISSED"


def test_too_low_a_limit_of_open_files_is_a_sentence(monkeypatch):
    monkeypatch.setattr("resource.getrlimit", lambda which: (256, 1024))
    with pytest.raises(client.AnswerError, match="2,000 streams need 2,100 open files"):
        sockets.allow(2000)


def test_the_floor_is_no_page_of_the_product():
    with pytest.raises(Resolver404):
        resolve("/bench/floor/")


def test_a_quick_benchmark_measures_every_page_and_leaves_nothing_running(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--results", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=240,
    )
    assert run.returncode == 0, run.stderr
    (result,) = tmp_path.glob("*.json")
    found = loads(result.read_text())
    rows = found["cases"]["300"]
    assert {"floor", "queue", "case, desk", "case, customer", "reply, desk", "tick, one event, desk"} <= {
        row["page"] for row in rows
    }
    assert all(0 < row["p50"] <= row["p99"] and row["queries"] <= 41 for row in rows)
    assert all(row["bytes"] for row in rows if row["page"].startswith("tick, one event"))
    assert (found["fan_out"]["streams"], found["fan_out"]["unheard"], found["fan_out"]["lost"]) == (20, 0, 0)
    assert found["desks"]["replies"] > 0
    assert found["desks"]["failed"] == 0
    assert {bar["verdict"] for bar in found["bars"]} <= {"ok", "MISSED", "not measured"}


@pytest.mark.django_db
def test_what_one_page_every_few_seconds_reads_for_all_counts_for_none():
    home = scene.Page("home", [scene.Request("/", {})])
    scene.queries(home)  # and what only this page keeps in memory
    usual = scene.queries(home)
    brand.kept.forget()
    assert scene.queries(home) == usual


def test_the_peer_is_told_tickets_of_the_same_kind():
    told = list(tickets(20))
    assert len(told) == 20
    assert all(ticket["title"] and ticket["description"] and ticket["status"] for ticket in told)
    assert any(ticket["follow_ups"] for ticket in told)
