"""The most wanted picture first, and each picture once."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from altaloud.describing.description import Priority
from altaloud.describing.turns import Turns
from altaloud.errors import DamagedImageError, TooManyRequestsError
from altaloud.vision.urgency import Urgency


class SlowEye:
    """Notes in which order it was asked to look, and lets others run while it does."""

    def __init__(self) -> None:
        self.looked: list[str] = []

    def at(self, name: str) -> Callable[[Urgency], Awaitable[str]]:
        async def look(_urgency: Urgency) -> str:
            self.looked.append(name)
            await asyncio.sleep(0.005)
            return name.upper()

        return look


def test_a_focused_image_overtakes_a_hundred_that_wait() -> None:
    async def scenario() -> list[str]:
        turns, eye = Turns[str](max_waiting=200), SlowEye()
        page = [
            asyncio.create_task(turns.run(f"{i}", Priority.background, eye.at(f"{i}"))) for i in range(100)
        ]
        await asyncio.sleep(0.001)
        await turns.run("focused", Priority.focused, eye.at("focused"))
        for task in page:
            task.cancel()
        await asyncio.gather(*page, return_exceptions=True)
        await turns.close()
        return eye.looked

    assert asyncio.run(scenario())[:2] == ["0", "focused"]


def test_visible_images_come_before_background_ones_and_each_in_its_order() -> None:
    async def scenario() -> list[str]:
        turns, eye = Turns[str](max_waiting=10), SlowEye()
        wanted = [("a", Priority.background), ("b", Priority.visible), ("c", Priority.visible)]
        await asyncio.gather(*(turns.run(name, priority, eye.at(name)) for name, priority in wanted))
        return eye.looked

    assert asyncio.run(scenario()) == ["b", "c", "a"]


def test_the_same_picture_asked_eight_times_at_once_is_looked_at_once() -> None:
    async def scenario() -> tuple[list[str], list[str]]:
        turns, eye = Turns[str](max_waiting=10), SlowEye()
        answers = await asyncio.gather(*(turns.run("dog", Priority.visible, eye.at("dog")) for _ in range(8)))
        return answers, eye.looked

    assert asyncio.run(scenario()) == (["DOG"] * 8, ["dog"])


def test_who_shares_a_waiting_run_lends_it_their_priority() -> None:
    async def scenario() -> list[str]:
        turns, eye = Turns[str](max_waiting=10), SlowEye()
        tasks = [
            asyncio.create_task(turns.run(name, Priority.background, eye.at(name)))
            for name in ("first", "second", "third")
        ]
        await asyncio.sleep(0.001)
        await turns.run("third", Priority.focused, eye.at("third"))
        await asyncio.gather(*tasks)
        return eye.looked

    assert asyncio.run(scenario()) == ["first", "third", "second"]


def test_a_run_that_nobody_waits_for_any_more_never_begins() -> None:
    async def scenario() -> list[str]:
        turns, eye = Turns[str](max_waiting=10), SlowEye()
        stays = asyncio.create_task(turns.run("stays", Priority.visible, eye.at("stays")))
        leaves = asyncio.create_task(turns.run("leaves", Priority.visible, eye.at("leaves")))
        await asyncio.sleep(0.001)
        leaves.cancel()
        await stays
        await asyncio.sleep(0.01)
        return eye.looked

    assert asyncio.run(scenario()) == ["stays"]


def test_one_asker_leaving_does_not_take_the_answer_from_the_other() -> None:
    async def scenario() -> str:
        turns, eye = Turns[str](max_waiting=10), SlowEye()
        leaves = asyncio.create_task(turns.run("dog", Priority.visible, eye.at("dog")))
        stays = asyncio.create_task(turns.run("dog", Priority.visible, eye.at("dog")))
        await asyncio.sleep(0.001)
        leaves.cancel()
        return await stays

    assert asyncio.run(scenario()) == "DOG"


def test_a_failure_reaches_every_asker_and_the_next_run_goes_on() -> None:
    async def scenario() -> tuple[list[object], str]:
        turns, eye = Turns[str](max_waiting=10), SlowEye()

        async def fail(_urgency: Urgency) -> str:
            await asyncio.sleep(0.001)
            raise DamagedImageError("it ends early")

        failures = await asyncio.gather(
            *(turns.run("bad", Priority.visible, fail) for _ in range(2)), return_exceptions=True
        )
        return [type(failure) for failure in failures], await turns.run("ok", Priority.visible, eye.at("ok"))

    assert asyncio.run(scenario()) == ([DamagedImageError] * 2, "OK")


def test_one_more_than_may_wait_is_told_to_come_back() -> None:
    async def scenario() -> None:
        turns, eye = Turns[str](max_waiting=1), SlowEye()
        running = asyncio.create_task(turns.run("runs", Priority.visible, eye.at("runs")))
        await asyncio.sleep(0.001)
        waiting = asyncio.create_task(turns.run("waits", Priority.visible, eye.at("waits")))
        await asyncio.sleep(0)
        with pytest.raises(TooManyRequestsError):
            await turns.run("one more", Priority.focused, eye.at("one more"))
        await asyncio.gather(running, waiting)

    asyncio.run(scenario())


def test_closing_ends_what_runs_and_what_waits() -> None:
    async def scenario() -> list[object]:
        turns, eye = Turns[str](max_waiting=10), SlowEye()
        tasks = [asyncio.create_task(turns.run(n, Priority.visible, eye.at(n))) for n in ("a", "b")]
        await asyncio.sleep(0.001)
        await turns.close()
        return [type(end) for end in await asyncio.gather(*tasks, return_exceptions=True)]

    assert asyncio.run(scenario()) == [asyncio.CancelledError] * 2


class Door:
    """Work that goes on until it is let through; knows what is in progress."""

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.ended: list[str] = []
        self.may_pass = asyncio.Event()

    def at(self, name: str) -> Callable[[Urgency], Awaitable[str]]:
        async def work(urgency: Urgency) -> str:
            self.begun.append(name)
            try:
                await self.may_pass.wait()
            except asyncio.CancelledError:
                self.ended.append(name)
                raise
            return f"{name} {urgency.value}"

        return work


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


def test_so_many_go_on_at_once_and_a_focused_one_beside_them() -> None:
    async def scenario() -> list[str]:
        turns, door = Turns[str](max_waiting=20, at_once=2, focused_beside=1), Door()
        wanted = [
            *(("page", n, Priority.background) for n in range(4)),
            *(("me", n, Priority.focused) for n in (0, 1)),
        ]
        tasks = []
        for who, number, priority in wanted:
            name = f"{who} {number}"
            tasks.append(asyncio.create_task(turns.run(name, priority, door.at(name))))
            await settle()
        begun = list(door.begun)
        door.may_pass.set()
        await asyncio.gather(*tasks)
        return begun

    assert asyncio.run(scenario()) == ["page 0", "page 1", "me 0"]


def test_no_more_bytes_are_worked_on_than_allowed_unless_focused() -> None:
    async def scenario() -> tuple[list[str], int]:
        turns, door = Turns[str](max_waiting=20, at_once=9, focused_beside=1, max_running_bytes=100), Door()
        sizes = {"large": 150, "small": 10, "focused": 60}
        tasks = []
        for name, nbytes in sizes.items():
            priority = Priority.focused if name == "focused" else Priority.visible
            tasks.append(asyncio.create_task(turns.run(name, priority, door.at(name), nbytes=nbytes)))
            await settle()
        begun, held = list(door.begun), turns.held_bytes
        door.may_pass.set()
        await asyncio.gather(*tasks)
        assert turns.held_bytes == 0
        return begun, held

    assert asyncio.run(scenario()) == (["large", "focused"], 220)


def test_more_bytes_than_may_wait_are_told_to_come_back_unless_focused() -> None:
    async def scenario() -> None:
        turns, door = Turns[str](max_waiting=20, max_waiting_bytes=100), Door()
        tasks = []
        for name in "ab":
            tasks.append(asyncio.create_task(turns.run(name, Priority.visible, door.at(name), nbytes=80)))
            await settle()
        with pytest.raises(TooManyRequestsError):
            await turns.run("c", Priority.visible, door.at("c"), nbytes=80)
        tasks.append(asyncio.create_task(turns.run("d", Priority.focused, door.at("d"), nbytes=80)))
        await settle()
        door.may_pass.set()
        assert await asyncio.gather(*tasks) == ["a 1", "b 1", "d 0"]

    asyncio.run(scenario())


def test_results_that_pile_up_hold_back_all_but_the_focused() -> None:
    async def scenario() -> list[str]:
        is_full = True
        turns, door = Turns[str](max_waiting=20, may_begin=lambda: not is_full), Door()
        door.may_pass.set()
        visible = asyncio.create_task(turns.run("visible", Priority.visible, door.at("visible")))
        await settle()
        await turns.run("focused", Priority.focused, door.at("focused"))
        assert not visible.done()
        is_full = False
        turns.look_again()
        await visible
        return door.begun

    assert asyncio.run(scenario()) == ["focused", "visible"]


def test_work_that_nobody_wants_any_more_ends_and_can_be_wanted_anew() -> None:
    async def scenario() -> tuple[list[str], str]:
        turns, door = Turns[str](max_waiting=20), Door()
        leaves = asyncio.create_task(turns.run("dog", Priority.visible, door.at("dog")))
        await settle()
        leaves.cancel()
        again = asyncio.create_task(turns.run("dog", Priority.focused, door.at("dog again")))
        await settle()
        door.may_pass.set()
        return door.ended, await again

    assert asyncio.run(scenario()) == (["dog"], "dog again 0")


def test_a_run_given_up_in_the_moment_it_begins_leaves_room_for_the_next() -> None:
    async def scenario() -> str:
        turns, eye = Turns[str](max_waiting=20), SlowEye()
        leaves = asyncio.create_task(turns.run("gone", Priority.visible, eye.at("gone")))
        await asyncio.sleep(0)
        leaves.cancel()
        await settle()
        return await asyncio.wait_for(turns.run("dog", Priority.visible, eye.at("dog")), 10)

    assert asyncio.run(scenario()) == "DOG"


def test_who_shares_a_run_in_progress_lends_it_their_priority() -> None:
    async def scenario() -> list[str]:
        turns, door = Turns[str](max_waiting=20), Door()
        first = asyncio.create_task(turns.run("dog", Priority.background, door.at("dog")))
        await settle()
        second = asyncio.create_task(turns.run("dog", Priority.focused, door.at("never")))
        await settle()
        door.may_pass.set()
        return list(await asyncio.gather(first, second))

    assert asyncio.run(scenario()) == ["dog 0"] * 2
