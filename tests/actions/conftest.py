"""What the tests of actions share."""

import pytest

from cases.access import origin_middleware


@pytest.fixture
def coming_from(rf):
    """Calls something as if a request from this address and browser asked for it."""

    def call(address, what, browser="Firefox"):
        request = rf.get("/", REMOTE_ADDR=address, headers={"User-Agent": browser})
        return origin_middleware(lambda request: what())(request)

    return call
