"""The student's training: agree with the teacher, see what it sees, and write the sentence."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from altaloud.training.classes import UNNAMED
from altaloud.training.lessons import Lesson, Lessons
from altaloud.training.loop import Schedule
from altaloud.training.optimising import Optimiser
from altaloud.training.precision import quick
from altaloud.training.seeing import LAST, MIDDLE
from altaloud.training.student import PATCH, WIDTH, Student

SCHEDULE = Schedule(
    samples=2_000_000,
    minutes=90,
    batch=64,
    rate=1.5e-3,
    warm_up_steps=60,
    longest_gradient=1.0,
    betas=(0.9, 0.98),
)
# Up to this share of the training, so many patches are looked at: the emptiest are left out first.
_PATCHES = ((0.6, 24), (0.86, 36), (1.0, 64))
_BUSY = 0.15  # spread of a patch's pixels from which on it is not empty at all
# How much the label "other icon" or of a kind counts beside the teacher, which likes to name and never saw a
# real page. Labels of names are taken from its opinion: they are noisy.
_LABEL_COUNTS = 0.5
_WRITERS = 8  # every so manieth picture teaches the decoder: sentences are few and easy


class Distilling:
    """The student and the two maps from its tokens to the teacher's features."""

    def __init__(
        self,
        student: Student,
        lessons: Lessons,
        other: int,
        measure: Callable[[Callable[[Tensor], Tensor]], str],
    ) -> None:
        self.student = student
        self._lessons = lessons
        self._other = other
        self._to_middle = nn.Linear(WIDTH, MIDDLE)
        self._to_last = nn.Linear(WIDTH, LAST)
        self._measure = measure

    def modules(self) -> nn.ModuleDict:
        """Return the student and the two maps."""
        return nn.ModuleDict(
            {"student": self.student, "to_middle": self._to_middle, "to_last": self._to_last}
        )

    def optimiser(self, schedule: Schedule, group: Any) -> Optimiser:
        """Return what moves the weights."""
        return Optimiser(dict(self.modules().named_parameters()), group, schedule.betas)

    def loss(self, size: int, *, step: int, rank: int, done: float) -> Tensor:
        """Return the sum of: divergence from the teacher, labels, features at two depths, sentence."""
        lesson = self._lessons.lesson(size, step=step, rank=rank)
        kept = busiest(lesson.pictures, next(many for until, many in _PATCHES if done <= until))
        with quick():
            middle, last = self.student.tokens(lesson.pictures, kept)
            writers = (lesson.classes != UNNAMED).nonzero()[::_WRITERS, 0]
            words, following = self.student.sentence_scores(last[writers], lesson.classes[writers])
            seen = self._to_middle(middle[:, 1:]).float(), self._to_last(last[:, 1:]).float()
        scores, words = self.student.head(last[:, 1:].float().mean(dim=1)), words.float()
        agreement = functional.kl_div(scores.log_softmax(1), self._wanted(lesson), reduction="batchmean")
        labels = functional.cross_entropy(scores, lesson.classes, label_smoothing=0.1, ignore_index=UNNAMED)
        sentence = functional.cross_entropy(
            words.flatten(0, 1), following.flatten(), ignore_index=0, label_smoothing=0.05
        )
        features = functional.mse_loss(seen[0], _at(lesson.middle, kept))
        features = features + functional.mse_loss(seen[1], _at(lesson.last, quarter(kept)))
        return agreement + 0.2 * labels + features + 0.5 * sentence

    def _wanted(self, lesson: Lesson) -> Tensor:
        """Return what the head should say: the teacher's opinion, but half the label's where that is certain.

        Of an icon that nobody named, it is what the teacher would name it.
        """
        unnamed = (lesson.classes == UNNAMED)[:, None]
        is_kind = torch.arange(lesson.scores.shape[1]) > self._other
        opinion = lesson.scores.masked_fill(unnamed & is_kind, -torch.inf).softmax(1)
        certain = (lesson.classes >= self._other)[:, None].float() * _LABEL_COUNTS
        label = functional.one_hot(lesson.classes.clamp(min=0), opinion.shape[1]).float()
        return opinion * (1 - certain) + label * certain

    def after_step(self, step: int) -> None:
        """Nothing follows a step."""

    def state(self) -> dict[str, Any]:
        """Return all weights."""
        return self.modules().state_dict()

    def restore(self, state: dict[str, Any]) -> None:
        """Take up all weights."""
        self.modules().load_state_dict(state)

    def measure(self) -> str:
        """Return how good the student's head is."""
        self.student.eval()
        return self._measure(self.student)


def busiest(pictures: Tensor, many: int) -> Tensor:
    """Return the places of the `many` fullest patches, at chance among busy ones: int64 (pictures, many)."""
    along = pictures.shape[-1] // PATCH
    patches = pictures.reshape(len(pictures), 3, along, PATCH, along, PATCH)
    spread = patches.std(dim=(3, 5)).amax(dim=1).flatten(1)
    if many >= spread.shape[1]:
        return torch.arange(spread.shape[1]).expand(len(pictures), -1)
    return (spread.clamp(max=_BUSY) + torch.rand_like(spread) * _BUSY).topk(many, dim=1).indices


def quarter(places: Tensor) -> Tensor:
    """Return where patches of the 8 x 8 grid lie in the 4 x 4 one."""
    return places // 16 * 4 + places % 8 // 2


def _at(features: Tensor, places: Tensor) -> Tensor:
    """Return the features of some places: (pictures, places, channels)."""
    return features.gather(1, places[:, :, None].expand(-1, -1, features.shape[2]))
