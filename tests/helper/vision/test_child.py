"""A child process fails one request at most, and never takes the helper with it."""

import asyncio
import gc
import os
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

import pytest

from altaloud.errors import (
    ChildCrashedError,
    ChildError,
    ChildTimeoutError,
    DamagedImageError,
    SettingsError,
)
from altaloud.vision import frames
from altaloud.vision.child import Child
from altaloud.vision.urgency import Urgency

T = TypeVar("T")
LIMIT = 10.0
LONG = 300  # steps, three seconds: what must not have ended when we look, on a busy machine either


def with_child(module: str, use: Callable[[Child], Awaitable[T]], idle_seconds: str = "") -> T:
    """Run `use` with a child, in a loop of its own; a pipe left open becomes an error."""

    async def run() -> T:
        child = Child(module, [idle_seconds], name="odd one")
        try:
            return await use(child)
        finally:
            await child.close()

    result = asyncio.run(run())
    gc.collect()
    return result


async def echo(child: Child, **header: object) -> Mapping[str, Any]:
    reply, _ = await child.ask({"do": "echo", **header}, timeout_seconds=LIMIT)
    return reply


def written(header: Mapping[str, object]) -> str:
    return frames.head(header, b"").hex()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_words_and_bytes_come_back_as_they_went(odd_child: str) -> None:
    body = bytes(range(256)) * 40_000

    async def use(child: Child) -> tuple[dict[str, Any], bytes]:
        return await child.ask({"do": "echo", "say": "ünï ✓"}, body, timeout_seconds=LIMIT)

    reply, returned = with_child(odd_child, use)

    assert reply["said"] == "ünï ✓"
    assert returned == body


def test_nothing_runs_before_the_first_question_or_after_closing(odd_child: str) -> None:
    async def use(child: Child) -> None:
        assert (child.is_running, child.pid) == (False, None)
        first = await echo(child)
        assert (child.is_running, child.pid) == (True, first["pid"])
        await child.close()
        assert (child.is_running, child.pid) == (False, None)
        assert not is_alive(first["pid"])
        second = await echo(child)
        assert second["pid"] != first["pid"]

    with_child(odd_child, use)


def test_the_same_process_answers_many_requests(odd_child: str) -> None:
    async def use(child: Child) -> list[Mapping[str, Any]]:
        return await asyncio.gather(*(echo(child, say=number) for number in range(20)))

    replies = with_child(odd_child, use)

    assert [reply["said"] for reply in replies] == list(range(20))
    assert len({reply["pid"] for reply in replies}) == 1


def step(
    child: Child,
    say: str,
    *,
    steps: int = 0,
    urgency: Urgency | None = None,
    do: str = "step",
    key: str | None = None,
) -> "asyncio.Task[tuple[dict[str, Any], bytes]]":
    header = {"do": do, "say": say, "steps": steps, "with": key}
    return asyncio.create_task(child.ask(header, timeout_seconds=LIMIT, urgency=urgency))


async def finished(child: Child) -> list[str]:
    """Return what the process has finished, in its order."""
    done: list[str] = (await child.ask({"do": "finished"}, timeout_seconds=LIMIT, urgency=Urgency(9)))[0][
        "finished"
    ]
    return [name for name in done if name]


def test_the_most_wanted_overtakes_what_is_being_worked_on(odd_child: str) -> None:
    async def use(child: Child) -> list[str]:
        await echo(child)
        page = [step(child, f"page {n}", steps=0 if n else LONG, urgency=Urgency(2)) for n in range(10)]
        await asyncio.sleep(0.1)
        await step(child, "focused", steps=2, urgency=Urgency(0))
        assert not page[0].done()
        await asyncio.gather(*page)
        return await finished(child)

    assert with_child(odd_child, use) == ["focused", *(f"page {number}" for number in range(10))]


def test_what_waits_can_become_more_wanted(odd_child: str) -> None:
    async def use(child: Child) -> list[str]:
        await echo(child)
        urgencies = [Urgency(2) for _ in range(4)]
        page = [
            step(child, str(n), steps=0 if n else LONG, urgency=urgency)
            for n, urgency in enumerate(urgencies)
        ]
        await asyncio.sleep(0.1)
        urgencies[3].want(0)
        await asyncio.gather(*page)
        return await finished(child)

    assert with_child(odd_child, use) == ["3", "0", "1", "2"]


def test_what_may_go_together_is_begun_together(odd_child: str) -> None:
    async def use(child: Child) -> list[int]:
        await echo(child)
        busy = step(child, "busy", steps=LONG)
        page = [step(child, str(n), urgency=Urgency(2), key="a") for n in range(10)]
        alone = step(child, "focused", key="a")
        other = step(child, "other", urgency=Urgency(2), key="b")
        replies = await asyncio.gather(busy, alone, *page, other)
        assert [reply["said"] for reply, _ in replies[2:-1]] == [str(n) for n in range(10)]
        return [reply["together"] for reply, _ in replies]

    assert with_child(odd_child, use) == [1, 1, *[8] * 8, 2, 2, 1]


def test_a_crash_costs_only_the_request_that_caused_it(odd_child: str) -> None:
    async def use(child: Child) -> None:
        pid = (await echo(child))["pid"]
        bad = step(child, "bad", steps=5, do="crash")
        page = [step(child, str(n), steps=5, urgency=Urgency(1)) for n in range(5)]

        with pytest.raises(ChildCrashedError):
            await bad
        replies = await asyncio.gather(*page)

        assert [reply["said"] for reply, _ in replies] == [str(n) for n in range(5)]
        assert pid not in {reply["pid"] for reply, _ in replies}

    with_child(odd_child, use)


def test_of_those_begun_together_only_the_one_that_crashes_fails(odd_child: str) -> None:
    async def use(child: Child) -> None:
        await echo(child)
        busy = step(child, "busy", steps=LONG)
        page = [step(child, str(n), urgency=Urgency(1), key="a") for n in range(4)]
        bad = step(child, "bad", do="crash", urgency=Urgency(1), key="a")
        await busy

        with pytest.raises(ChildCrashedError):
            await bad
        assert [reply["said"] for reply, _ in await asyncio.gather(*page)] == ["0", "1", "2", "3"]

    with_child(odd_child, use)


def test_many_crashes_fail_each_their_own(odd_child: str) -> None:
    async def use(child: Child) -> list[object]:
        bad = [step(child, str(n), do="crash") for n in range(3)]
        good = step(child, "good", urgency=Urgency(1))
        return [type(end) for end in await asyncio.gather(*bad, good, return_exceptions=True)]

    assert with_child(odd_child, use) == [*[ChildCrashedError] * 3, tuple]


def test_an_error_of_ours_is_raised_again_and_the_process_lives_on(odd_child: str) -> None:
    async def use(child: Child) -> None:
        before = (await echo(child))["pid"]
        with pytest.raises(DamagedImageError, match="half of it is missing") as caught:
            await child.ask({"do": "raise"}, timeout_seconds=LIMIT)
        assert caught.value.advice == "Load it again."
        assert (await echo(child))["pid"] == before

    with_child(odd_child, use)


@pytest.mark.parametrize(
    ("name", "request_header"),
    [
        ("a bug", {"do": "bug"}),
        ("an exit", {"do": "exit", "code": 3}),
        ("a crash in a library", {"do": "signal"}),
        ("a header that is not JSON", {"do": "write", "hex": "00000002000000007b7b"}),
        ("a header that is not an object", {"do": "write", "hex": "00000002000000005b5d"}),
        ("a header nested without end", {"do": "write", "hex": "00030d4000000000" + "5b" * 200_000}),
        ("a header of 4 GB", {"do": "write", "hex": "ffffffff00000000"}),
        ("a body of 4 GB", {"do": "write", "hex": "00000002ffffffff7b7d"}),
        ("an answer to nobody", {"do": "write", "hex": written({"id": 99, "reply": {}})}),
        ("an answer that is none", {"do": "write", "hex": written({"id": 1, "reply": 5})}),
    ],
)
def test_a_crash_fails_one_request_and_the_next_is_answered(
    odd_child: str, name: str, request_header: dict[str, object]
) -> None:
    async def use(child: Child) -> None:
        with pytest.raises(ChildCrashedError) as caught:
            await child.ask(request_header, timeout_seconds=LIMIT)
        assert "secret" not in str(caught.value)
        assert len(str(caught.value)) <= 500
        assert (await echo(child, say="still here"))["said"] == "still here"

    with_child(odd_child, use)


def test_an_error_that_is_not_ours_is_a_crash_in_bounded_words(odd_child: str) -> None:
    odd = written({"id": 1, "error": "os", "message": "x" * 9999})

    async def use(child: Child) -> None:
        with pytest.raises(ChildCrashedError) as caught:
            await child.ask({"do": "write", "hex": odd}, timeout_seconds=LIMIT)
        assert len(str(caught.value)) == 500

    with_child(odd_child, use)


def test_a_process_that_ends_again_and_again_is_not_asked_for_ever(odd_child: str) -> None:
    async def use(child: Child) -> None:
        with pytest.raises(ChildCrashedError, match="as soon as it is asked"):
            await child.ask({"do": "exit", "code": 0}, timeout_seconds=LIMIT)

    with_child(odd_child, use)


def test_a_module_that_is_not_there_is_a_crash(odd_child: str) -> None:
    with pytest.raises(ChildCrashedError):
        with_child("no_such_module", echo)


def test_arguments_that_cannot_be_told_fail_the_request_and_are_asked_for_again(odd_child: str) -> None:
    told: list[str] = []

    def arguments() -> list[str]:
        if not told:
            raise SettingsError("setting device: no such thing", advice="Correct it.")
        return told

    async def use() -> None:
        child = Child(odd_child, arguments, name="odd one")
        try:
            with pytest.raises(SettingsError, match="no such thing") as caught:
                await echo(child)
            assert caught.value.advice == "Correct it."
            told.append("")
            assert (await echo(child, say=1))["said"] == 1
        finally:
            await child.close()

    asyncio.run(use())


def test_a_slow_process_is_ended(odd_child: str) -> None:
    async def use(child: Child) -> None:
        pid = (await echo(child))["pid"]
        with pytest.raises(ChildTimeoutError, match=r"the odd one took longer than 0\.2 s"):
            await child.ask({"do": "sleep"}, timeout_seconds=0.2)
        assert not is_alive(pid)
        assert (await echo(child, say=1))["said"] == 1

    with_child(odd_child, use)


def test_a_process_that_only_says_that_it_works_is_ended_all_the_same(odd_child: str) -> None:
    chatter = written({"at": [1]}) + written({"at": [99]})

    async def use(child: Child) -> None:
        with pytest.raises(ChildTimeoutError):
            await child.ask({"do": "chatter", "hex": chatter}, timeout_seconds=1)

    with_child(odd_child, use)


def test_a_long_work_is_not_ended_where_its_steps_are_limited(odd_child: str) -> None:
    async def told(*, limits_steps: bool) -> object:
        child = Child(odd_child, [""], name="odd one", limits_steps=limits_steps)
        try:
            await echo(child)
            reply, _ = await child.ask({"do": "step", "say": 1, "steps": LONG}, timeout_seconds=2)
            return reply["said"]
        finally:
            await child.close()

    assert asyncio.run(told(limits_steps=True)) == 1
    with pytest.raises(ChildTimeoutError):
        asyncio.run(told(limits_steps=False))


def test_the_work_of_who_no_longer_wants_it_ends_between_its_steps(odd_child: str) -> None:
    async def use(child: Child) -> list[str]:
        pid = (await echo(child))["pid"]
        asking = step(child, "unwanted", steps=100_000)
        unsent = step(child, "unsent")
        waiting = step(child, "next", steps=1, urgency=Urgency(1))
        unsent.cancel()
        await asyncio.sleep(0.1)
        asking.cancel()
        assert (await waiting)[0]["pid"] == pid
        assert asking.cancelled()
        return await finished(child)

    assert with_child(odd_child, use) == ["next"]


def test_a_slow_process_costs_only_who_is_slow(odd_child: str) -> None:
    async def use(child: Child) -> None:
        await echo(child)
        slow = asyncio.create_task(child.ask({"do": "sleep"}, timeout_seconds=0.5))
        waiting = step(child, "waits", urgency=Urgency(1))

        assert (await waiting)[0]["said"] == "waits"
        with pytest.raises(ChildTimeoutError):
            await slow

    with_child(odd_child, use)


def test_closing_fails_what_is_asked_and_what_waits(odd_child: str) -> None:
    async def use(child: Child) -> None:
        await echo(child)
        asking = [asyncio.create_task(child.ask({"do": "sleep"}, timeout_seconds=LIMIT)) for _ in range(2)]
        await asyncio.sleep(0.1)
        await child.close()
        for task in asking:
            with pytest.raises(ChildCrashedError):
                await task
        assert not child.is_running

    with_child(odd_child, use)


def test_an_idle_process_gives_its_memory_back_and_comes_again_when_asked(odd_child: str) -> None:
    async def use(child: Child) -> None:
        first = (await echo(child))["pid"]
        os.kill(first, signal.SIGSTOP)  # so that the question surely finds it unloading, not gone
        asking = asyncio.create_task(child.ask({"do": "echo"}, b"x" * 1_000_000, timeout_seconds=LIMIT))
        await asyncio.sleep(0.3)
        os.kill(first, signal.SIGCONT)
        await asking
        until = time.monotonic() + LIMIT
        while child.is_running and time.monotonic() < until:
            await asyncio.sleep(0.05)
        assert not child.is_running
        assert (await echo(child))["pid"] != first

    with_child(odd_child, use, "0.2")


def test_one_child_serves_several_loops_one_after_the_other(odd_child: str) -> None:
    child = Child(odd_child, [""], name="odd one")

    async def use() -> None:
        await asyncio.gather(echo(child), echo(child))
        await child.close()

    asyncio.run(use())
    asyncio.run(use())
    gc.collect()


def test_more_than_a_frame_holds_is_refused_before_it_is_sent(odd_child: str) -> None:
    async def use(child: Child) -> None:
        with pytest.raises(ChildError, match="more than one request may have"):
            await child.ask({"do": "echo", "say": "x" * 5_000_000}, timeout_seconds=LIMIT)
        assert not child.is_running

    with_child(odd_child, use)


def test_secrets_in_the_environment_do_not_reach_a_child(
    odd_child: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOME_PASSWORD", "x")
    monkeypatch.setenv("ALTALOUD_VOICE", "x")

    names = with_child(odd_child, echo)["names"]

    assert "PATH" in names
    assert not {"SOME_PASSWORD", "ALTALOUD_VOICE"} & set(names)


@pytest.mark.skipif(sys.platform != "linux", reason="other systems close the pipe, which ends an idle child")
def test_a_busy_child_dies_with_its_parent(odd_child: str) -> None:
    program = """if True:
        import asyncio
        from altaloud.vision.child import Child
        async def main():
            child = Child("odd_child", [""], name="odd one")
            reply, _ = await child.ask({"do": "echo"}, timeout_seconds=10)
            print(reply["pid"], flush=True)
            await child.ask({"do": "sleep"}, timeout_seconds=60)
        asyncio.run(main())
    """
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE) as parent:
        assert parent.stdout is not None
        pid = int(parent.stdout.readline())
        time.sleep(0.2)  # until it is busy

        parent.kill()

    until = time.monotonic() + LIMIT
    while is_alive(pid) and time.monotonic() < until:
        time.sleep(0.02)
    assert not is_alive(pid)
