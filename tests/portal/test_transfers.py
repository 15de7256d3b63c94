import asyncio

import pytest
from a2wsgi.wsgi import Body

from portal import transfers


@pytest.fixture(autouse=True)
def _soon(monkeypatch):
    monkeypatch.setattr(transfers, "STALLED", 0.05)


async def never(*_):
    await asyncio.Event().wait()


def scope(path="/cases/1/replies/", **headers):
    return {
        "path": path,
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
    }


def sent(*pieces, pause=0.0, then=None):
    """A browser that sends these pieces."""
    left = list(pieces)

    async def receive():
        await asyncio.sleep(pause)
        if not left:
            return await (then or never)()
        return {"type": "http.request", "body": left.pop(0), "more_body": bool(left) or then is not None}

    return receive


def read(request, receive):
    return asyncio.run(transfers.read(request, receive))


def test_what_is_small_is_read_before_it_gets_a_thread():
    body = read(scope(content_length="10"), sent(b"hello", b"world"))
    assert body.read() == b"helloworld"
    assert not transfers.goes_slowly(scope(), body)


def test_a_request_without_a_body_waits_for_none():
    assert read(scope(), never).read() == b""
    assert read(scope(content_length="0"), never).read() == b""


def test_files_and_what_is_large_go_their_own_way():
    large = read(scope(content_length="2000000"), never)
    assert isinstance(large, Body)
    assert transfers.goes_slowly(scope(), large)
    assert transfers.goes_slowly(scope("/attachments/"), read(scope(), never))


def test_what_turns_out_large_loses_nothing_of_its_beginning(monkeypatch):
    monkeypatch.setattr(transfers, "MUCH", 6)

    async def story():
        receive = sent(b"1234", b"5678", b"90")
        body = await transfers.read(scope(transfer_encoding="chunked"), receive)
        return await asyncio.to_thread(body.read)

    assert asyncio.run(story()) == b"1234567890"


def test_a_length_that_is_none_reads_no_more_than_is_small(monkeypatch):
    monkeypatch.setattr(transfers, "MUCH", 6)
    assert isinstance(read(scope(content_length="many"), sent(b"1234567", b"8")), Body)


def test_what_breaks_off_is_an_error_and_not_an_end():
    async def gone():
        return {"type": "http.disconnect"}

    with pytest.raises(transfers.Gone) as raised:
        read(scope(content_length="10"), sent(b"he", then=gone))
    assert isinstance(raised.value, OSError)  # as Django expects it
    assert transfers.Reader.held == 0


def test_what_goes_on_no_more_is_given_up():
    with pytest.raises(transfers.Refused, match="too slowly") as raised:
        read(scope(content_length="10"), sent(b"he", then=never))
    assert raised.value.status == 408


def test_what_comes_byte_by_byte_is_given_up_though_it_never_stalls(monkeypatch):
    monkeypatch.setattr(transfers, "GRACE", 0.1)
    drops = sent(*[b"x"] * 1000, pause=0.01)
    with pytest.raises(transfers.Refused, match="too slowly"):
        read(scope(content_length="1000"), drops)


def test_what_comes_quickly_enough_may_take_its_time(monkeypatch):
    monkeypatch.setattr(transfers, "GRACE", 0.05)
    body = read(scope(content_length="10000"), sent(*[b"x" * 1000] * 10, pause=0.02))
    assert len(body.read()) == 10_000


def test_all_that_is_being_read_at_once_has_a_bound(monkeypatch):
    monkeypatch.setattr(transfers, "HELD", 10)
    with pytest.raises(transfers.Refused, match="Too much") as raised:
        read(scope(content_length="20"), sent(b"x" * 11, b"y" * 9))
    assert raised.value.status == 503
    assert transfers.Reader.held == 0


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
