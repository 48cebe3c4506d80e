"""The number of threads follows what is fastest, and is tried again when the load has moved."""

from collections.abc import Mapping

import pytest

from altaloud.vision.blip import threads
from altaloud.vision.blip.threads import Threads


class Computer:
    """Four cores, of which other programs keep some busy."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.busy = 0.0
        self.seconds = 0.0
        self.trials = 0
        monkeypatch.setattr(threads, "cores", lambda: 4)

    def measure(self, counts: tuple[int, ...]) -> Mapping[int, float]:
        self.trials += 1
        # A thread that shares its core with much else takes long, and the others wait for it.
        return {count: (5.0 if count > 4 - self.busy else 1.0) / count for count in counts}

    def threads(self, limit: int | None = None) -> Threads:
        return Threads(limit, measure=self.measure, load=lambda: self.busy, now=lambda: self.seconds)


@pytest.fixture
def computer(monkeypatch: pytest.MonkeyPatch) -> Computer:
    return Computer(monkeypatch)


def test_all_cores_where_nothing_else_runs(computer: Computer) -> None:
    assert computer.threads().count == 4


def test_never_more_than_the_share(computer: Computer) -> None:
    assert computer.threads(2).count == 2
    assert computer.threads(1).count == 1


def test_another_trial_when_the_load_has_moved(computer: Computer) -> None:
    chosen = computer.threads()
    computer.busy = 3

    assert not chosen.have_changed()  # too soon
    computer.seconds = 31
    assert chosen.have_changed()
    assert chosen.count == 1
    trials = computer.trials
    computer.seconds = 90
    assert not chosen.have_changed()
    assert computer.trials == trials  # the load is what it was


def test_a_small_gain_is_not_worth_compiling_again(computer: Computer) -> None:
    chosen = Threads(
        measure=lambda counts: {count: 1.0 if count == 4 else 0.9 for count in counts},
        load=lambda: computer.busy,
        now=lambda: computer.seconds,
    )

    assert chosen.count == 4


def test_the_trial_measures() -> None:
    taken = threads.trial_seconds((1,))

    assert taken.keys() == {1}
    assert taken[1] > 0
