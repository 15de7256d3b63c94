import os
import socket
import subprocess
import sys
import threading
from json import loads

import pytest

from bench import client, figures
from bench.__main__ import MARK, folder, isolate
from bench.server import ROOT


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


def test_a_quick_benchmark_measures_every_page_and_leaves_nothing_running(tmp_path):
    run = subprocess.run(
        [sys.executable, "-m", "bench", "--quick", "--results", tmp_path],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 0, run.stderr
    (result,) = tmp_path.glob("*.json")
    rows = loads(result.read_text())["cases"]["300"]
    assert {"queue", "case, desk", "case, customer", "reply, desk", "tick, one event, desk"} <= {
        row["page"] for row in rows
    }
    assert all(0 < row["p50"] <= row["p99"] and row["queries"] <= 20 for row in rows)
