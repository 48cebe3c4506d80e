"""Both sides prove that they know the key, which is never sent; sessions and codes end when they should."""

import asyncio
import json
import secrets
import sqlite3
import stat
from pathlib import Path

import pytest

from altaloud.errors import NotFoundError, NotPairedError, RememberingError, RequestError, StoreDamagedError
from altaloud.service import pairing
from altaloud.service.clients import Clients
from altaloud.service.pairing import CHROMIUM_ORIGIN, Codes, Sessions
from served import Clock, Served, served

CONTRACT = Path(__file__).parents[2] / "contract"
FIREFOX = "moz-extension://3f9c2a71-0a1b-4c2d-8e3f-123456789abc"


def nonce() -> str:
    return pairing.encode(secrets.token_bytes(32))


def test_the_contracts_example_hello_is_ours() -> None:
    hello = json.loads((CONTRACT / "hello.json").read_text())
    key = pairing.decode(hello["key"])

    words = pairing.transcript(hello["client"], hello["client_nonce"], hello["helper_nonce"], hello["port"])

    assert words == hello["transcript"]
    assert pairing.proof(key, words) == hello["proof"]
    assert pairing.session(key, words) == hello["session"]
    assert f"Bearer {hello['client']}.{pairing.session(key, words)}" == hello["authorization"]


def test_a_hello_begins_a_session(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            for client in (helper.clients.add_program("reader"), helper.clients.add_browser(FIREFOX)):
                session = await helper.session(client)
                assert (await helper.ask("/v1/status", headers=session)).status == 200

    asyncio.run(scenario())


BAD_NONCES = {
    "empty": "",
    "31 bytes": pairing.encode(bytes(31)),
    "33 bytes": pairing.encode(bytes(33)),
    "padded": pairing.encode(bytes(32)) + "=",
    "another alphabet": "+" * 43,
    "bits to spare": "A" * 42 + "B",
    "a line break": "A" * 42 + "\nA",
    "not ASCII": "é" * 43,
}


@pytest.mark.parametrize("bad", BAD_NONCES.values(), ids=BAD_NONCES.keys())
def test_a_nonce_is_32_bytes_written_the_one_right_way(tmp_path: Path, bad: str) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            helper.clients.add_program("reader")
            assert (await helper.ask("/v1/hello", {"client": "reader", "nonce": bad})).status == 400

    asyncio.run(scenario())


def test_a_browsers_key_is_good_only_from_its_own_extension_and_a_programs_only_without(
    tmp_path: Path,
) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            browser, program = helper.clients.add_browser(FIREFOX), helper.clients.add_program("reader")
            other = FIREFOX.replace("3f9c", "0000")
            for client, origins in (
                (browser, (None, other, CHROMIUM_ORIGIN)),
                (program, (FIREFOX, CHROMIUM_ORIGIN)),
            ):
                session = await helper.session(client)
                for origin in origins:
                    headers = {"Origin": origin} if origin else {}
                    asked = {"client": client.name, "nonce": nonce()}
                    assert (await helper.ask("/v1/hello", asked, headers=headers)).status == 403
                    headers |= {"Authorization": session["Authorization"]}
                    assert (await helper.ask("/v1/status", headers=headers)).status == 403
                assert (await helper.ask("/v1/status", headers=session)).status == 200

    asyncio.run(scenario())


def test_a_wrong_key_or_port_opens_nothing(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            client = helper.clients.add_program("reader")
            ours = nonce()
            hello = await helper.ask("/v1/hello", {"client": "reader", "nonce": ours})
            for key, port in ((secrets.token_bytes(32), helper.port), (client.key, helper.port + 1)):
                words = pairing.transcript("reader", ours, hello.json["nonce"], port)
                assert hello.json["proof"] != pairing.proof(key, words)
                bearer = f"Bearer reader.{pairing.session(key, words)}"
                assert (await helper.ask("/v1/status", headers={"Authorization": bearer})).status == 401
            key_itself = {"Authorization": f"Bearer reader.{pairing.encode(client.key)}"}
            assert (await helper.ask("/v1/status", headers=key_itself)).status == 401
            assert (await helper.ask("/v1/hello", {"client": "nobody", "nonce": ours})).status == 401

    asyncio.run(scenario())


def test_a_session_ends_after_a_day(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            client = helper.clients.add_program("reader")
            session = await helper.session(client)
            helper.clock.now += 24 * 3600 - 1
            assert (await helper.ask("/v1/status", headers=session)).status == 200
            helper.clock.now += 2
            assert (await helper.ask("/v1/status", headers=session)).status == 401
            assert (await helper.ask("/v1/status", headers=await helper.session(client))).status == 200

    asyncio.run(scenario())


def test_a_session_ends_when_another_process_revokes_the_key(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            session = await helper.session(helper.clients.add_program("reader"))
            elsewhere = Clients(tmp_path / "clients.sqlite3")  # as `altaloud keys revoke` has it open

            elsewhere.revoke("reader")
            assert (await helper.ask("/v1/status", headers=session)).status == 401
            session = await helper.session(elsewhere.add_program("reader"))
            elsewhere.revoke("reader")
            elsewhere.add_program("reader")  # the same name has another key now
            assert (await helper.ask("/v1/status", headers=session)).status == 401

            elsewhere.close()

    asyncio.run(scenario())


def test_who_only_knows_a_name_cannot_push_out_its_sessions(tmp_path: Path) -> None:
    clients = Clients(tmp_path / "clients.sqlite3")
    client = clients.add_program("reader")
    sessions = Sessions(clients, port=1)

    def begin() -> str:
        ours = nonce()
        theirs, _ = sessions.hello("reader", ours, None)
        return f"reader.{pairing.session(client.key, pairing.transcript('reader', ours, theirs, 1))}"

    first = begin()
    assert sessions.client(first, None).name == "reader"
    for _ in range(1000):
        sessions.hello("reader", nonce(), None)

    assert sessions.client(first, None).name == "reader"
    for _ in range(16):  # but its own later sessions do, in the end
        sessions.client(begin(), None)
    with pytest.raises(NotPairedError):
        sessions.client(first, None)
    clients.close()


def test_keys_are_kept_from_other_users(tmp_path: Path) -> None:
    clients = Clients(tmp_path / "clients.sqlite3")
    client = clients.add_program("reader")
    clients.close()

    assert stat.S_IMODE((tmp_path / "clients.sqlite3").stat().st_mode) == 0o600
    assert client.key.hex() not in repr(client)
    assert repr(client.key) not in repr(client)


@pytest.mark.parametrize("name", ["", "a" * 65, "a b", "a|b", "a/b", "é", "browser-1", "a\n"])
def test_a_programs_name_is_plain(tmp_path: Path, name: str) -> None:
    clients = Clients(tmp_path / "clients.sqlite3")
    with pytest.raises(RequestError):
        clients.add_program(name)
    assert clients.list() == ()
    clients.close()


def test_a_name_is_given_once_and_revoked_once(tmp_path: Path) -> None:
    clients = Clients(tmp_path / "clients.sqlite3")
    clients.add_program("reader")
    with pytest.raises(RequestError, match="already"):
        clients.add_program("reader")
    clients.revoke("reader")
    with pytest.raises(NotFoundError):
        clients.revoke("reader")
    clients.close()


def test_a_file_that_is_no_list_of_clients_is_told(tmp_path: Path) -> None:
    (tmp_path / "clients.sqlite3").write_bytes(b"nonsense" * 1000)
    with pytest.raises(StoreDamagedError):
        Clients(tmp_path / "clients.sqlite3")


def test_a_file_that_another_program_holds_is_not_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "clients.sqlite3"
    Clients(path).close()
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")

    with pytest.raises(RememberingError, match="locked") as caught:
        Clients(path)

    assert not isinstance(caught.value, StoreDamagedError)
    other.close()


def test_opening_the_file_writes_nothing_into_it(tmp_path: Path) -> None:
    path = tmp_path / "clients.sqlite3"
    Clients(path).close()
    before = path.read_bytes()

    Clients(path).close()

    assert path.read_bytes() == before


async def pair(helper: Served, code: str, origin: str | None = FIREFOX) -> int:
    return (
        await helper.ask("/v1/pairings", {"code": code}, headers={"Origin": origin} if origin else {})
    ).status


def other_than(code: str) -> str:
    return "111 111" if code != "111 111" else "222 222"


def test_a_code_of_another_process_pairs_a_browser_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            command = Codes(tmp_path / "clients.sqlite3", clock=helper.clock)  # `altaloud pair`
            code = command.offer()
            assert [len(half) for half in code.split()] == [3, 3]
            answer = await helper.ask(
                "/v1/pairings", {"code": code.replace(" ", "")}, headers={"Origin": CHROMIUM_ORIGIN}
            )
            assert answer.status == 200
            client = helper.clients.get(answer.json["client"])
            assert client is not None
            assert (client.origin, pairing.encode(client.key)) == (CHROMIUM_ORIGIN, answer.json["key"])
            assert (await helper.ask("/v1/status", headers=await helper.session(client))).status == 200

            assert await pair(helper, code) == 401  # used
            command.close()

    asyncio.run(scenario())


def test_three_wrong_tries_end_a_code(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            code = helper.codes.offer()
            assert [await pair(helper, other_than(code)) for _ in range(2)] == [401, 401]
            assert await pair(helper, other_than(code)) == 401
            assert await pair(helper, code) == 401

            code = helper.codes.offer()
            assert [await pair(helper, other_than(code)) for _ in range(2)] == [401, 401]
            assert await pair(helper, code) == 200

    asyncio.run(scenario())


def test_a_code_ends_after_a_minute_or_when_another_is_offered(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            code = helper.codes.offer()
            helper.clock.now += 61
            assert await pair(helper, code) == 401

            first, second = helper.codes.offer(), helper.codes.offer()
            if first != second:
                assert await pair(helper, first) == 401
            assert await pair(helper, second) == 200

    asyncio.run(scenario())


def test_only_our_extension_pairs_by_code(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            code = helper.codes.offer()
            for origin in (
                None,
                "https://evil.example",
                "chrome-extension://" + "a" * 32,
                f"{CHROMIUM_ORIGIN}/",
                "moz-extension://not-a-uuid",
                FIREFOX.upper(),
                "null",
            ):
                assert await pair(helper, code, origin) == 403
            assert await pair(helper, code) == 200

    asyncio.run(scenario())


def test_guessing_is_slowed_down_however_many_codes_are_offered(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with served(tmp_path) as helper:
            tried = []
            for _ in range(12):
                tried.append(await pair(helper, other_than(helper.codes.offer())))
            assert tried == [401] * 10 + [429] * 2
            answer = await helper.ask("/v1/pairings", {"code": "1"}, headers={"Origin": FIREFOX})
            assert answer.headers["retry-after"] == "60"
            helper.clock.now += 61
            assert await pair(helper, helper.codes.offer()) == 200

    asyncio.run(scenario())


def test_the_file_does_not_hold_the_code_itself(tmp_path: Path) -> None:
    codes = Codes(tmp_path / "clients.sqlite3", clock=Clock())
    code = codes.offer().replace(" ", "")
    with sqlite3.connect(tmp_path / "clients.sqlite3") as db:
        dump = "\n".join(db.iterdump())
    db.close()
    codes.close()
    assert "INSERT INTO" in dump
    assert code not in dump
