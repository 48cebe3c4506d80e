"""What a student is taught from: pictures with what the teacher sees in them, some fresh, most seen before.

Making a picture and asking the teacher costs a third of a step. A lesson that comes back a few times, at
chance, teaches almost as much as a new one (Muennighoff et al. 2023, https://arxiv.org/abs/2305.16264).
"""

from dataclasses import dataclass, fields

import torch
from torch import Tensor

from altaloud.training.batches import Batches
from altaloud.training.seeing import LAST, MIDDLE, Seeing
from altaloud.vision.starter_input import SIDE

_LARGEST = 4.0  # spreads; rarer features of the teacher are cut to this
_STEPS = 127 / _LARGEST


@dataclass(frozen=True, slots=True)
class Lesson:
    """A batch of pictures and what is to be learned of each; features are in their own spread."""

    pictures: Tensor  # float32 (pictures, 3, SIDE, SIDE), normalised; uint8 where kept
    classes: Tensor  # int64 (pictures,)
    middle: Tensor  # float32 (pictures, 64, MIDDLE), row by row; int8 where kept
    last: Tensor  # float32 (pictures, 16, LAST); int8 where kept
    scores: Tensor  # float32 (pictures, classes), the teacher's; float16 where kept


class Lessons:
    """Makes lessons: `share` of each batch is fresh once there is enough to repeat."""

    def __init__(self, batches: Batches, teacher: Seeing, sample: Tensor, *, room: int, share: float) -> None:
        """Take the spread of the teacher's features from `sample`; `room` lessons are kept (25 KB each)."""
        self._batches, self._teacher = batches, teacher
        self._room, self._share = room, share
        self._scales = [
            (f.mean((0, 2, 3), keepdim=True), f.std((0, 2, 3), keepdim=True) + 1e-3)
            for f in teacher(sample)[:2]
        ]
        many = teacher(sample[:1])[2].shape[1]
        self._kept = Lesson(
            torch.empty(room, 3, SIDE, SIDE, dtype=torch.uint8),
            torch.empty(room, dtype=torch.int64),
            torch.empty(room, 64, MIDDLE, dtype=torch.int8),
            torch.empty(room, 16, LAST, dtype=torch.int8),
            torch.empty(room, many, dtype=torch.float16),
        )
        self._made = 0

    def lesson(self, size: int, *, step: int, rank: int) -> Lesson:
        """Return a batch; the step's number and the seed say what is fresh in it."""
        few = self._made < 8 * size
        fresh = size if few else max(1, int(size * self._share))
        made = self._fresh(fresh, step, rank)
        places = torch.arange(self._made, self._made + fresh) % self._room
        self._made += fresh
        for field in fields(Lesson):
            getattr(self._kept, field.name)[places] = getattr(made, field.name)
        if few:
            return _opened(made)
        chance = torch.Generator().manual_seed(step * 31 + rank)
        again = torch.randint(min(self._made, self._room), (size - fresh,), generator=chance)
        chosen = torch.cat([places, again])
        return _opened(Lesson(*(getattr(self._kept, field.name)[chosen] for field in fields(Lesson))))

    def _fresh(self, many: int, step: int, rank: int) -> Lesson:
        pictures, classes = self._batches.batch(many, step=step, rank=rank)
        middle, last, scores = self._teacher(pictures)
        return Lesson(
            ((pictures * 0.3 + 0.7) * 255).round().clamp(0, 255).to(torch.uint8),
            classes,
            self._closed(middle, 0),
            self._closed(last, 1),
            scores.half(),
        )

    def _closed(self, features: Tensor, depth: int) -> Tensor:
        """Return features in their own spread, as whole numbers: int8 (pictures, places, channels)."""
        mean, spread = self._scales[depth]
        even = ((features - mean) / spread).clamp(-_LARGEST, _LARGEST)
        return (even * _STEPS).round().to(torch.int8).flatten(2).transpose(1, 2)


def _opened(kept: Lesson) -> Lesson:
    return Lesson(
        (kept.pictures.float() / 255 - 0.7) / 0.3,
        kept.classes,
        kept.middle.float() / _STEPS,
        kept.last.float() / _STEPS,
        kept.scores.float(),
    )
