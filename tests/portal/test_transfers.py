import asyncio

import pytest

from portal import transfers


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(transfers, "STALLED", 0.05)


async def never(*_):
    await asyncio.Event().wait()


def scope(path="/cases/1/replies/", length=b"10"):
    return {"path": path, "headers": [(b"content-length", length)]}


def test_files_and_what_is_large_go_their_own_way():
    assert transfers.is_slow(scope("/attachments/"))
    assert transfers.is_slow(scope(length=b"2000000"))
    assert not transfers.is_slow(scope())
    assert not transfers.is_slow(scope(length=b"many"))


def test_what_breaks_off_is_an_error_and_not_an_end():
    async def gone():
        return {"type": "http.disconnect"}

    with pytest.raises(ConnectionResetError):
        asyncio.run(transfers.whole(gone)())


def test_what_goes_on_no_more_is_given_up():
    with pytest.raises(TimeoutError):
        asyncio.run(transfers.whole(never)())


def test_who_takes_nothing_gets_nothing_more_at_once():
    asked = []

    async def stuck(message):
        asked.append(message)
        await never()

    async def send_three():
        send = transfers.unless_stalled(stuck)
        for n in range(3):
            await send(n)

    asyncio.run(asyncio.wait_for(send_three(), 1))
    assert asked == [0]


def test_who_takes_it_slowly_gets_all():
    taken = []

    async def slow(message):
        await asyncio.sleep(0.03)
        taken.append(message)

    async def send_three():
        send = transfers.unless_stalled(slow)
        for n in range(3):
            await send(n)

    asyncio.run(send_three())
    assert taken == [0, 1, 2]
