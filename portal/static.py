"""Static files, as whitenoise has them, without a thread: they are few, small and on this disk."""

from typing import Any

from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]

# What the middlewares before whitenoise's put on them when a page's thread serves them.
PROTECTION = [(b"x-content-type-options", b"nosniff"), (b"referrer-policy", b"same-origin")]
ASKED = {
    b"accept-encoding": "HTTP_ACCEPT_ENCODING",
    b"if-none-match": "HTTP_IF_NONE_MATCH",
    b"if-modified-since": "HTTP_IF_MODIFIED_SINCE",
    b"range": "HTTP_RANGE",
}


class Static:
    def __init__(self) -> None:
        self.files = WhiteNoiseMiddleware(lambda request: None).files

    def __contains__(self, path: str) -> bool:
        return path in self.files

    async def __call__(self, scope: Any, send: Any) -> None:
        asked = {ASKED[name]: value.decode("latin1") for name, value in scope["headers"] if name in ASKED}
        found = self.files[scope["path"]].get_response(scope["method"], asked)
        body = b""
        if found.file is not None:
            with found.file as file:
                body = file.read()
        headers = [(name.lower().encode("latin1"), value.encode("latin1")) for name, value in found.headers]
        await send(
            {"type": "http.response.start", "status": int(found.status), "headers": headers + PROTECTION}
        )
        await send({"type": "http.response.body", "body": body})
