"""Writing a sentence word by word: the likeliest word each time, or several sentences side by side.

Beam search is transformers', with its defaults: the same scores, the same end. Between words the work may
be put aside.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, Protocol, Self, TypeVar

from altaloud.vision.blip.runtime import Steps

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

MAX_NEW_TOKENS = 30  # a caption ends by itself; this bounds the time of one that does not


class Memory(Protocol):
    """What a decoder keeps of a sentence it is writing."""

    def copy(self) -> Self:
        """Return one that goes its own way from here."""


M = TypeVar("M", bound=Memory)
M_contra = TypeVar("M_contra", bound=Memory, contravariant=True)


class Decoder(Protocol[M_contra]):
    """Reads one word after the other."""

    def read(self, memory: M_contra, token: int) -> "npt.NDArray[np.float32]":
        """Add `token` to `memory`; return each word's log-probability to be next, (vocabulary)."""


@dataclass(frozen=True, slots=True)
class Written:
    """A sentence."""

    ids: tuple[int, ...]  # what was given first included
    log_probabilities: tuple[float, ...]  # of the tokens that were chosen, in nats

    @property
    def mean_log_probability(self) -> float:
        """Of the chosen tokens, the end included."""
        return sum(self.log_probabilities) / len(self.log_probabilities)


@dataclass
class _Beam:
    ids: list[int]
    chances: list[float]
    score: float = 0.0  # the sum of `chances`, as it was added up

    def follow(self, token: int, chance: float, score: float) -> "_Beam":
        return _Beam([*self.ids, token], [*self.chances, chance], score)

    def written(self) -> Written:
        return Written(tuple(self.ids), tuple(self.chances))


def write(
    decoder: Decoder[M], memory: M, given: Sequence[int], end: int, *, beams: int = 1
) -> Steps[Written]:
    """Go on from `given` until the token `end`, or for `MAX_NEW_TOKENS`."""
    for token in given[:-1]:
        decoder.read(memory, token)
        yield
    if beams == 1:
        return (yield from _greedy(decoder, memory, given, end))
    return (yield from _Search(decoder, beams, end).run(memory, given))


def _greedy(decoder: Decoder[M], memory: M, given: Sequence[int], end: int) -> Steps[Written]:
    ids = list(given)
    chosen: list[float] = []
    while len(chosen) < MAX_NEW_TOKENS:
        chances = decoder.read(memory, ids[-1])
        ids.append(int(chances.argmax()))
        chosen.append(float(chances[ids[-1]]))
        if ids[-1] == end:
            break
        yield
    return Written(tuple(ids), tuple(chosen))


class _Search(Generic[M]):
    """One beam search."""

    def __init__(self, decoder: Decoder[M], beams: int, end: int) -> None:
        self._decoder = decoder
        self._beams = beams
        self._end = end
        self._finished: list[tuple[float, _Beam]] = []  # (mean score, sentence), the best first

    def run(self, memory: M, given: Sequence[int]) -> Steps[Written]:
        running = [(_Beam(list(given), []), memory)]
        for length in range(1, MAX_NEW_TOKENS + 1):
            chances = []
            for beam, held in running:
                chances.append(self._decoder.read(held, beam.ids[-1]))
                yield
            followers = self._followers([beam for beam, _ in running], chances)
            is_last = length == MAX_NEW_TOKENS
            self._finish([beam for beam, _ in followers[: self._beams]], length, is_last=is_last)
            open_ones = [(beam, parent) for beam, parent in followers if beam.ids[-1] != self._end]
            if is_last or not self._can_improve(open_ones[0][0].score / length):
                break
            running = [(beam, running[parent][1].copy()) for beam, parent in open_ones[: self._beams]]
        return self._finished[0][1].written()

    def _followers(
        self, beams: Sequence[_Beam], chances: "Sequence[npt.NDArray[np.float32]]"
    ) -> list[tuple[_Beam, int]]:
        """Return the likeliest sentences that are longer by a word, with the index of what they follow.

        Twice as many as there are beams, so that enough are left when some have ended.
        """
        import numpy as np

        scores = np.concatenate(
            [chance + np.float32(beam.score) for beam, chance in zip(beams, chances, strict=True)]
        )
        best = np.argpartition(-scores, 2 * self._beams)[: 2 * self._beams]
        words = len(chances[0])
        made = []
        for at in best[np.argsort(-scores[best], kind="stable")].tolist():
            parent, token = divmod(at, words)
            follower = beams[parent].follow(token, float(chances[parent][token]), float(scores[at]))
            made.append((follower, parent))
        return made

    def _finish(self, best: Sequence[_Beam], length: int, *, is_last: bool) -> None:
        ended = [(beam.score / length, beam) for beam in best if is_last or beam.ids[-1] == self._end]
        ranked = sorted([*self._finished, *ended], key=lambda pair: -pair[0])
        self._finished = ranked[: self._beams]

    def _can_improve(self, best_running: float) -> bool:
        """Whether a sentence under way may yet be better than the worst that is kept."""
        return len(self._finished) < self._beams or best_running > self._finished[-1][0]
