"""No page, no other program and no slow caller gets past the guard, whatever it shows."""

import asyncio
import json
from pathlib import Path

import pytest

from altaloud.service import connection, guard
from altaloud.service.pairing import CHROMIUM_ORIGIN
from served import MAX_IMAGE_BYTES, Answer, Served, read_answer, served

FIREFOX = "moz-extension://3f9c2a71-0a1b-4c2d-8e3f-123456789abc"


def refused(answer: Answer, status: int) -> None:
    assert answer.status == status, answer
    assert set(answer.json) == {"error", "message", "advice"}
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert "set-cookie" not in answer.headers
    assert "allow" not in answer.headers


FROM_A_PAGE = {
    "a page's origin": {"Origin": "https://evil.example"},
    "a page of this computer": {"Origin": "http://127.0.0.1:8080"},
    "an opaque origin": {"Origin": "null"},
    "an origin that begins as ours": {"Origin": f"{CHROMIUM_ORIGIN}.evil.example"},
    "another extension": {"Origin": "chrome-extension://" + "a" * 32},
    "an empty origin": {"Origin": ""},
    "a cross-site request": {"Sec-Fetch-Site": "cross-site"},
    "a page from another port": {"Sec-Fetch-Site": "same-site"},
    "an upgrade": {"Connection": "Upgrade", "Upgrade": "websocket", "Sec-WebSocket-Version": "13"},
}


@pytest.mark.parametrize("headers", FROM_A_PAGE.values(), ids=FROM_A_PAGE.keys())
def test_a_page_is_refused_even_with_a_good_session(tmp_path: Path, headers: dict[str, str]) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            session = await helper.session(helper.clients.add_program("reader"))
            assert (await helper.ask("/v1/status", headers=session)).status == 200

            refused(await helper.ask("/v1/status", headers={**session, **headers}), 403)

    asyncio.run(scenario())


@pytest.mark.parametrize("path", ["/v1/hello", "/v1/pairings"])
def test_a_page_may_not_even_say_hello(tmp_path: Path, path: str) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            for headers in FROM_A_PAGE.values():
                if "extension" not in headers.get("Origin", ""):
                    refused(await helper.ask(path, {}, headers=headers), 403)

    asyncio.run(scenario())


def test_the_host_must_be_ours_to_the_byte(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            session = await helper.session(helper.clients.add_program("reader"))
            for host in (
                "evil.example",
                f"evil.example:{helper.port}",
                f"localhost:{helper.port}",
                "127.0.0.1",
                f"127.0.0.1:{helper.port + 1}",
                f"127.0.0.1.evil.example:{helper.port}",
                f"127.0.0.1:{helper.port}0",
                f"127.0.0.1:0{helper.port}",
            ):
                refused(await helper.ask("/v1/status", headers={**session, "Host": host}), 403)

    asyncio.run(scenario())


def raw_requests(helper: Served, session: dict[str, str]) -> dict[str, tuple[bytes, int]]:
    ours = f"Host: 127.0.0.1:{helper.port}\r\nAuthorization: {session['Authorization']}\r\n"
    evil = "Host: evil.example\r\n"
    requests = {
        "two hosts": (f"POST /v1/status HTTP/1.1\r\n{ours}{evil}\r\n", 400),
        "two hosts, the good one last": (f"POST /v1/status HTTP/1.1\r\n{evil}{ours}\r\n", 400),
        "no host": ("POST /v1/status HTTP/1.1\r\n\r\n", 400),
        "no host, as HTTP/1.0 allows": ("POST /v1/status HTTP/1.0\r\n\r\n", 403),
        "another host in the target": (f"POST http://evil.example/v1/status HTTP/1.1\r\n{ours}\r\n", 403),
        "our host in the target": (
            f"POST http://127.0.0.1:{helper.port}/v1/status HTTP/1.1\r\n{ours}\r\n",
            403,
        ),
        "a target that begins with two slashes": (f"POST //evil/v1/status HTTP/1.1\r\n{ours}\r\n", 403),
        "not HTTP": ("hello\r\n\r\n", 400),
        "two sessions": (f"POST /v1/status HTTP/1.1\r\n{ours}Authorization: Bearer x.y\r\n\r\n", 401),
        "a GET": (f"GET /v1/status HTTP/1.1\r\n{ours}\r\n", 405),
        "a HEAD": (f"HEAD /v1/status HTTP/1.1\r\n{ours}\r\n", 405),
        "a PUT": (f"PUT /v1/status HTTP/1.1\r\n{ours}\r\n", 405),
        "a preflight": (
            f"OPTIONS /v1/status HTTP/1.1\r\n{ours}Access-Control-Request-Method: POST\r\n\r\n",
            405,
        ),
        "a page's preflight": (
            f"OPTIONS /v1/status HTTP/1.1\r\n{ours}Origin: https://e.example\r\n\r\n",
            405,
        ),
        "a WebSocket": (
            f"GET /v1/status HTTP/1.1\r\n{ours}Connection: Upgrade\r\nUpgrade: websocket\r\n"
            "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n",
            403,
        ),
    }
    return {name: (request.encode(), status) for name, (request, status) in requests.items()}


def test_what_is_not_one_plain_request_to_us_is_refused(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            session = await helper.session(helper.clients.add_program("reader"))
            for name, (request, status) in raw_requests(helper, session).items():
                reader, writer = await asyncio.open_connection("127.0.0.1", helper.port)
                writer.write(request)
                answer = await asyncio.wait_for(reader.read(), 10)  # until the helper closes
                writer.close()
                head, _, body = answer.partition(b"\r\n\r\n")
                assert head.startswith(f"HTTP/1.1 {status} ".encode()), (name, answer)
                if name != "a HEAD":
                    assert set(json.loads(body)) == {"error", "message", "advice"}, name
                assert b"access-control" not in head.lower(), name
                assert b"\r\nallow:" not in head.lower(), name

    asyncio.run(scenario())


@pytest.mark.parametrize("path", ["/", "/docs", "/redoc", "/openapi.json", "/v1/nothing", "/v1/status/"])
def test_there_is_no_other_page(tmp_path: Path, path: str) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            refused(await helper.ask(path), 401)  # who has no key learns nothing
            session = await helper.session(helper.clients.add_program("reader"))
            refused(await helper.ask(path, headers=session), 404)

    asyncio.run(scenario())


def test_who_has_no_session_is_refused_before_the_body_is_sent(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            head = helper.description(b"x" * 1000, None, {}).partition(b"\r\n\r\n")[0]

            refused(await helper.raw(head + b"\r\n\r\n"), 401)

            assert helper.describer.asked == []

    asyncio.run(scenario())


def test_a_refusal_is_read_by_who_sends_a_large_body(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            body = helper.description(b"x" * 8_000_000, None, {})
            reader, writer = await asyncio.open_connection("127.0.0.1", helper.port)
            writer.write(body)
            await writer.drain()  # the answer is there long before this returns
            refused(await read_answer(reader), 401)
            assert await reader.read() == b""  # and then the connection is closed
            writer.close()

    asyncio.run(scenario())


def test_a_body_over_the_limit_is_refused_by_its_announced_length(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            session = await helper.session(helper.clients.add_program("reader"))
            kind = {"Content-Type": "multipart/form-data; boundary=XX", "Content-Length": "300000000"}

            answer = await helper.raw(helper.request("/v1/descriptions", headers={**session, **kind}))

            refused(answer, 413)

    asyncio.run(scenario())


@pytest.mark.parametrize(
    ("path", "kind"),
    [("/v1/descriptions", "multipart/form-data; boundary=X"), ("/v1/hello", "application/json")],
)
def test_a_body_over_the_limit_is_refused_while_it_streams(tmp_path: Path, path: str, kind: str) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            session = await helper.session(helper.clients.add_program("reader"))
            headers = {**session, "Content-Type": kind, "Transfer-Encoding": "chunked"}
            reader, writer = await asyncio.open_connection("127.0.0.1", helper.port)
            writer.write(helper.request(path, headers=headers))
            answer = asyncio.create_task(read_answer(reader))
            sent = 0
            while not answer.done() and sent < MAX_IMAGE_BYTES * 50:
                writer.write(b"10000\r\n" + b"x" * 0x10000 + b"\r\n")
                sent += 0x10000
                await asyncio.sleep(0.01)

            refused(await answer, 413)
            assert sent < MAX_IMAGE_BYTES * 20
            writer.close()

    asyncio.run(scenario())


def test_a_body_of_the_wrong_type_is_refused(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            session = await helper.session(helper.clients.add_program("reader"))
            for path, kind in (("/v1/speech", "text/plain"), ("/v1/descriptions", "application/json")):
                body = helper.request(path, b'{"text": "x"}', headers={**session, "Content-Type": kind})
                refused(await helper.raw(body), 415)
            assert helper.speaker.said == []

    asyncio.run(scenario())


def test_headers_that_trickle_in_are_refused_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "HEADER_SECONDS", 0.3)

    async def scenario() -> None:
        async with served(tmp_path) as helper:
            reader, writer = await asyncio.open_connection("127.0.0.1", helper.port)
            began = asyncio.get_running_loop().time()
            trickle = asyncio.create_task(_trickle(writer, b"POST /v1/status HTTP/1.1\r\nX-A: ", 0.05))

            refused(await read_answer(reader), 408)

            assert asyncio.get_running_loop().time() - began < 2
            trickle.cancel()
            writer.close()

    asyncio.run(scenario())


def test_a_second_request_that_trickles_in_is_refused_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEADER_SECONDS", 0.3)

    async def scenario() -> None:
        async with served(tmp_path) as helper:
            session = await helper.session(helper.clients.add_program("reader"))
            reader, writer = await asyncio.open_connection("127.0.0.1", helper.port)
            writer.write(helper.request("/v1/status", headers=session))
            assert (await read_answer(reader)).status == 200
            await asyncio.sleep(0.5)  # a pause between two requests is not slow
            writer.write(helper.request("/v1/status", headers=session))
            assert (await read_answer(reader)).status == 200
            trickle = asyncio.create_task(_trickle(writer, b"POST /v1/status HTTP/1.1\r\nX-A: ", 0.05))

            refused(await read_answer(reader), 408)

            trickle.cancel()
            writer.close()

    asyncio.run(scenario())


async def _trickle(writer: asyncio.StreamWriter, head: bytes, seconds: float) -> None:
    writer.write(head)
    while True:
        await asyncio.sleep(seconds)
        writer.write(b"a")


def test_a_body_that_trickles_in_is_refused_in_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "BODY_SECONDS", 0.3)

    async def scenario() -> None:
        async with served(tmp_path) as helper:
            reader, writer = await asyncio.open_connection("127.0.0.1", helper.port)
            kind = {"Content-Type": "application/json", "Content-Length": "1000"}
            writer.write(helper.request("/v1/hello", headers=kind))
            trickle = asyncio.create_task(_trickle(writer, b"{", 0.05))

            refused(await read_answer(reader), 408)

            trickle.cancel()
            writer.close()

    asyncio.run(scenario())


def test_there_are_so_many_connections_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connection, "MOST_CONNECTIONS", 8)

    async def scenario() -> None:
        async with served(tmp_path) as helper:
            held = [await asyncio.open_connection("127.0.0.1", helper.port) for _ in range(8)]
            reader, writer = await asyncio.open_connection("127.0.0.1", helper.port)

            answer = await read_answer(reader)

            refused(answer, 429)
            assert int(answer.headers["retry-after"]) > 0
            writer.close()
            for _, held_writer in held:
                held_writer.close()
                await held_writer.wait_closed()
            await asyncio.sleep(0.1)
            assert (await helper.session(helper.clients.add_program("reader")))["Authorization"]

    asyncio.run(scenario())


def test_so_many_bytes_are_held_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "LARGEST_AT_ONCE", 1)

    async def scenario() -> None:
        async with served(tmp_path) as helper:
            session = await helper.session(helper.clients.add_program("reader"))
            image = b"x" * (MAX_IMAGE_BYTES - 1_000)
            helper.describer.may_answer.clear()
            many = [asyncio.create_task(helper.describe(image, None, session)) for _ in range(3)]
            async with asyncio.timeout(10):
                while len(helper.describer.asked) < 3:
                    await asyncio.sleep(0.01)

            answer = await helper.describe(image, None, session)
            assert (await helper.ask("/v1/status", headers=session)).status == 200
            helper.describer.may_answer.set()

            refused(answer, 429)
            assert int(answer.headers["retry-after"]) > 0
            assert {each.status for each in await asyncio.gather(*many)} == {200}
            assert (await helper.describe(image, None, session)).status == 200

    asyncio.run(scenario())


def test_two_origins_are_refused_even_if_both_are_right(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            session = await helper.session(helper.clients.add_browser(FIREFOX))
            assert (await helper.ask("/v1/status", headers=session)).status == 200
            refused(await helper.ask("/v1/status", headers={**session, "origin": FIREFOX}), 403)

    asyncio.run(scenario())


def test_a_connection_that_says_nothing_is_closed_in_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connection, "HEADER_SECONDS", 0.3)

    async def scenario() -> None:
        async with served(tmp_path) as helper:
            reader, writer = await asyncio.open_connection("127.0.0.1", helper.port)
            refused(await read_answer(reader), 408)
            assert await asyncio.wait_for(reader.read(), 2) == b""
            writer.close()

    asyncio.run(scenario())
