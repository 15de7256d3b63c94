"""A real server of tokens, as a provider has one: it renews access tokens, and tells a mail server whose they are."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit


class Provider:
    def __init__(self) -> None:
        self.address = ""
        self.good: dict[str, str] = {}  # whose each access token is
        self.refresh: dict[str, str] = {}  # and each refresh token
        self.client = ("portal", "client-secret")
        self.lasts = 3600
        self.rotates = False
        self.moved = ""  # where it sends whoever asks
        self.asked: list[dict[str, str]] = []

    def answer(self, fields: dict[str, str]) -> tuple[int, Any]:
        self.asked.append(fields)
        if self.moved:
            return 302, {}
        if (fields.get("client_id"), fields.get("client_secret")) != self.client:
            return 401, {"error": "invalid_client"}
        user = self.refresh.get(fields.get("refresh_token", ""))
        if fields.get("grant_type") != "refresh_token" or user is None:
            return 400, {
                "error": "invalid_grant",
                "error_description": "AADSTS700082: The refresh token has expired.",
            }
        token = f"access-{len(self.asked)}"
        self.good[token] = user
        answer = {"access_token": token, "token_type": "Bearer", "expires_in": self.lasts}
        if self.rotates:
            self.refresh = {f"refresh-{len(self.asked)}": user}
            answer["refresh_token"] = next(iter(self.refresh))
        return 200, answer


@contextmanager
def provider() -> Iterator[Provider]:
    known = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self.say(*known.answer({name: values[0] for name, values in parse_qs(body).items()}))

        def do_GET(self) -> None:
            token = parse_qs(urlsplit(self.path).query).get("access_token", [""])[0]
            user = known.good.get(token)
            self.say(*((200, {"email": user}) if user else (401, {"error": "invalid_token"})))

        def say(self, status: int, words: Any) -> None:
            body = json.dumps(words).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            if known.moved:
                self.send_header("Location", known.moved)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *args: Any) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        known.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        thread.start()
        yield known
        server.shutdown()
