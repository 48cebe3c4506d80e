"""The student's training: agree with the teacher, see what it sees, and write the sentence."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from altaloud.training.loop import Schedule
from altaloud.training.student import WIDTH, Student
from altaloud.training.teacher import Teacher, channels_last

SCHEDULE = Schedule(
    samples=1_600_000,
    minutes=60,
    batch=48,
    rate=1e-3,
    warm_up_steps=300,
    longest_gradient=1.0,
    betas=(0.9, 0.98),
)
_LARGEST = 4.0  # spreads; rarer features of the teacher are cut to this


class Distilling:
    """The student, the teacher, and the two maps from the student's tokens to the teacher's features."""

    def __init__(
        self,
        student: Student,
        teacher: Teacher,
        sample: Tensor,
        measure: Callable[[Callable[[Tensor], Tensor]], str],
    ) -> None:
        """Take the spread of the teacher's features from `sample`, a batch of pictures."""
        self.student = student
        self._teacher = channels_last(teacher.eval())
        self._to_middle = nn.Linear(WIDTH, teacher.middle_channels)
        self._to_last = nn.Linear(WIDTH, teacher.last_channels)
        self._measure = measure
        with torch.no_grad():
            features = self._teacher(sample)[:2]
        self._scales = [
            (f.mean((0, 2, 3), keepdim=True), f.std((0, 2, 3), keepdim=True) + 1e-3) for f in features
        ]

    def modules(self) -> nn.ModuleDict:
        """Return the student and the two maps."""
        return nn.ModuleDict(
            {"student": self.student, "to_middle": self._to_middle, "to_last": self._to_last}
        )

    def loss(self, pictures: Tensor, classes: Tensor) -> Tensor:
        """Return the sum of: divergence from the teacher, labels, features at two depths, sentence."""
        with torch.autocast("cpu", dtype=torch.bfloat16):
            with torch.no_grad():
                seen = self._teacher(pictures.contiguous(memory_format=torch.channels_last))
            middle, last = self.student.tokens(pictures)
            scores = self.student.head(last[:, 1:].mean(dim=1)).float()
            at_middle = self._to_middle(middle[:, 1:])
            # 8 x 8 tokens, averaged to the teacher's 4 x 4
            quarters = last[:, 1:].reshape(len(pictures), 4, 2, 4, 2, WIDTH).mean(dim=(2, 4)).flatten(1, 2)
            at_last = self._to_last(quarters)
            # Sentences are few and easy: every fourth picture teaches the decoder enough.
            words, following = self.student.sentence_scores(last[::4], classes[::4])
        agreement = functional.kl_div(
            scores.log_softmax(1), seen[2].float().softmax(1), reduction="batchmean"
        )
        labels = functional.cross_entropy(scores, classes, label_smoothing=0.1)
        sentence = functional.cross_entropy(
            words.float().flatten(0, 1), following.flatten(), ignore_index=0, label_smoothing=0.05
        )
        features = self._difference(at_middle, seen[0], 0) + self._difference(at_last, seen[1], 1)
        return agreement + 0.2 * labels + features + sentence

    def _difference(self, seen: Tensor, wanted: Tensor, depth: int) -> Tensor:
        """Return the mean squared difference from the teacher's features, in their own spread."""
        mean, spread = self._scales[depth]
        target = ((wanted.float() - mean) / spread).clamp(-_LARGEST, _LARGEST).flatten(2).transpose(1, 2)
        return functional.mse_loss(seen.float(), target)

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
