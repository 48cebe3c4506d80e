"""What every way of running BLIP offers, on a processor or on a GPU.

Work is handed back as steps: a generator that yields wherever a more wanted question may go first, and
returns the result. Who drives several of them decides whose turn it is; `finish` drives one.
"""

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, TypeAlias, TypeVar

from altaloud.vision.blip.caption import Caption
from altaloud.vision.blip.preprocess import Pixels

__all__ = [
    "Answer",
    "Answerer",
    "Caption",
    "Captioner",
    "Features",
    "Match",
    "Matcher",
    "Pixels",
    "Seer",
    "Steps",
]

T = TypeVar("T")

Steps: TypeAlias = Generator[None, None, T]  # closing it early lets go of everything it holds


def finish(steps: Steps[T]) -> T:
    """Do all of a job's steps and return its result."""
    while True:
        try:
            next(steps)
        except StopIteration as end:
            result: T = end.value
            return result


@dataclass(frozen=True, slots=True)
class Answer:
    """What `vqa-base` answers to a question about a picture."""

    text: str  # a word or a few, lower case, such as "yes" or "2"
    probability: float  # of the whole answer, its end included: 0..1
    token_ids: tuple[int, ...]  # start marker, answer, and the end marker unless it was cut off
    model: str  # such as "vqa-base@787b3d3"


@dataclass(frozen=True, slots=True)
class Match:
    """How well a sentence fits a picture, by `itm-base`."""

    probability: float  # that they belong together, from the head that reads the sentence beside the picture
    cosine: float  # of picture and sentence, each embedded alone: -1..1
    model: str  # such as "itm-base@bed8ad3"


class Features(Protocol):
    """What one checkpoint has seen in one picture. Good for that checkpoint's loaded runtime alone."""

    @property
    def nbytes(self) -> int:
        """The memory they hold."""


class Seer(Protocol):
    """What all have in common: they look at pictures first."""

    @property
    def model(self) -> str:
        """Name and revision, such as "caption-base@82a3776"."""

    @property
    def device(self) -> str:
        """Where it computes: "cpu", "cuda" or "mps"."""

    @property
    def precision(self) -> str:
        """How it computes, such as "fast" or "bf16"."""

    @property
    def batch(self) -> int:
        """How many pictures it likes to see at once; 1 where more are no faster."""

    @property
    def threads(self) -> int | None:
        """How many processor threads it computes with; None where that is not ours to say."""

    def see(self, pictures: Sequence[Pixels]) -> Steps[Sequence[Features]]:
        """Look at the pictures; the features are in their order."""


# Below, features are of the runtime's own type, so Any: a runtime takes no other's.


class Captioner(Seer, Protocol):
    """Says in one sentence what pictures show."""

    def caption(
        self, features: Sequence[Any], *, prompt: str = "", beams: int = 1
    ) -> Steps[Sequence[Caption]]:
        """Write a sentence each, which begins after `prompt`.

        Args:
            features: Of this runtime's own `see`.
            prompt: Such as "a picture of"; not part of the captions' texts.
            beams: 1 is greedy; more keep so many sentences in view and return the likeliest.
        """


class Answerer(Seer, Protocol):
    """Answers questions about pictures."""

    def answer(self, features: Any, question: str) -> Steps[Answer]:
        """Answer one question."""


class Matcher(Seer, Protocol):
    """Judges whether sentences fit pictures."""

    def match(self, features: Any, sentence: str) -> Steps[Match]:
        """Judge one sentence."""
