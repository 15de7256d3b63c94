"""A mail server and a provider of tokens for all of a worker's tests, and mailboxes there."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from cases.models import Mailbox

from . import dovecot as servers
from . import tokens


@pytest.fixture(scope="session")
def _provider() -> Iterator[tokens.Provider]:
    with tokens.provider() as provider:
        yield provider


@pytest.fixture
def provider(_provider: tokens.Provider) -> tokens.Provider:
    address = _provider.address
    _provider.__init__()  # type: ignore[misc]  # as new
    _provider.address = address
    return _provider


@pytest.fixture(scope="session")
def dovecot(_provider: tokens.Provider) -> Iterator[servers.Dovecot]:
    with servers.serving(_provider.address) as server:
        yield server


@pytest.fixture
def mailbox_of(dovecot: servers.Dovecot) -> Callable[..., Mailbox]:
    """A mailbox of somebody new there, or with other settings: `mailbox_of(password="wrong")`."""

    def make(
        password: str = servers.PASSWORD, client_secret: str = "", refresh_token: str = "", **settings: Any
    ) -> Mailbox:
        there = {"host": dovecot.host, "port": dovecot.port, "security": Mailbox.Security.NONE}
        mailbox = Mailbox(**there | {"user": dovecot.new_user()} | settings)
        mailbox.keep(password=password, client_secret=client_secret, refresh_token=refresh_token)
        mailbox.save()
        return mailbox

    return make
