"""What a process does next, of all that it was asked."""

from collections.abc import Hashable, Sequence
from typing import Any

import pytest

from altaloud.errors import DamagedImageError
from altaloud.vision.blip.runtime import Steps
from altaloud.vision.desk import Desk, Outcome, Reply


class Clerk:
    """Does jobs of so many steps, and notes each step."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.closed: list[str] = []

    def accept(self, header: dict[str, Any], body: bytes) -> dict[str, Any]:
        if header.get("refused"):
            raise DamagedImageError("not this one")
        return header

    def rank(self, job: dict[str, Any]) -> int:
        return int(job.get("rank", 0))

    def together(self, job: dict[str, Any]) -> tuple[Hashable, int]:
        return job.get("key"), job.get("most", 1)

    def begin(self, jobs: Sequence[dict[str, Any]]) -> Steps[Sequence[Reply]]:
        name = "+".join(job["name"] for job in jobs)
        try:
            for _ in range(jobs[0].get("steps", 1)):
                self.steps.append(name)
                yield
        finally:
            self.closed.append(name)
        if jobs[0].get("fails"):
            raise DamagedImageError("it ends early")
        return [({"name": job["name"]}, b"") for job in jobs]


class Office:
    """A clerk with a desk, on which requests are put by name."""

    def __init__(self) -> None:
        self.clerk = Clerk()
        self.desk = Desk(self.clerk)
        self.answers: dict[int, Outcome] = {}

    def put(self, number: int, urgency: int = 0, *, is_alone: bool = False, **job: object) -> None:
        self.desk.add(number, urgency, {"name": str(number), **job}, b"", is_alone=is_alone)

    def step(self, times: int = 1) -> None:
        for _ in range(times):
            self.answers |= self.desk.advance(self.desk.take())

    def work_off(self) -> None:
        while not self.desk.is_empty:
            self.step()


@pytest.fixture
def office() -> Office:
    return Office()


def test_the_most_wanted_goes_first_and_equals_as_they_came(office: Office) -> None:
    for number, urgency in ((1, 2), (2, 1), (3, 1), (4, 0)):
        office.put(number, urgency)
    office.work_off()

    assert office.clerk.steps == ["4", "2", "3", "1"]
    assert office.answers[3] == ({"name": "3"}, b"")


def test_of_equally_wanted_ones_the_quick_go_first(office: Office) -> None:
    office.put(1, rank=2, steps=3)
    office.step()
    office.put(2, rank=0)
    office.work_off()

    assert office.clerk.steps == ["1", "2", "1", "1"]


def test_a_more_wanted_one_waits_for_the_step_in_flight_only(office: Office) -> None:
    office.put(1, 2, steps=5)
    office.step(2)
    office.put(2, 0, steps=2)
    office.work_off()

    assert office.clerk.steps == ["1", "1", "2", "2", "1", "1", "1"]


def test_one_that_becomes_more_wanted_overtakes(office: Office) -> None:
    office.put(1, 1, steps=3)
    office.put(2, 2, steps=1)
    office.step()
    office.desk.hurry(2, 0)
    office.step()
    office.desk.hurry(99, 0)  # has been answered meanwhile

    assert office.clerk.steps == ["1", "2"]


def test_those_of_a_kind_are_begun_together_up_to_so_many(office: Office) -> None:
    for number in range(1, 6):
        office.put(number, 1, key="caption", most=3)
    office.put(6, 1, key="other", most=3)
    office.put(7, 1, key="caption", most=3, rank=-1)
    office.put(8, 1, key="caption", most=3, is_alone=True)
    office.work_off()

    assert office.clerk.steps == ["7+1+2", "3+4+5", "6", "8"]


def test_a_focused_one_is_begun_with_focused_ones_only(office: Office) -> None:
    for number, urgency in ((1, 1), (2, 0), (3, 1), (4, 0)):
        office.put(number, urgency, key="caption", most=8)
    office.work_off()

    assert office.clerk.steps == ["2+4", "1+3"]


def test_a_unit_is_as_wanted_as_its_most_wanted_job(office: Office) -> None:
    for number in (1, 2):
        office.put(number, 2, key="caption", most=8, steps=3)
    office.step()
    office.put(3, 1, steps=1)
    office.desk.hurry(2, 0)
    office.step(3)

    assert office.clerk.steps == ["1+2"] * 3
    assert set(office.answers) == {1, 2}


def test_what_nobody_wants_is_dropped_wherever_it_is(office: Office) -> None:
    office.put(1, steps=5)
    office.put(2)
    office.step()
    assert office.desk.drop(2)
    assert office.desk.drop(1)
    assert not office.desk.drop(3)

    assert office.desk.is_empty
    assert office.clerk.closed == ["1"]


def test_of_those_begun_together_one_may_be_dropped(office: Office) -> None:
    for number in (1, 2):
        office.put(number, key="caption", most=2, steps=2)
    office.step()
    assert office.desk.drop(1)
    office.work_off()

    assert set(office.answers) == {2}


def test_an_error_of_ours_is_the_answer_to_each(office: Office) -> None:
    for number in (1, 2):
        office.put(number, key="caption", most=2, fails=True)
    office.put(3, 1)
    office.work_off()

    assert [type(office.answers[number]) for number in (1, 2)] == [DamagedImageError] * 2
    assert office.answers[3] == ({"name": "3"}, b"")


def test_a_request_that_is_refused_leaves_nothing(office: Office) -> None:
    with pytest.raises(DamagedImageError):
        office.put(1, refused=True)

    assert office.desk.is_empty
