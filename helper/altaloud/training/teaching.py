"""The teacher's training: cross-entropy with smoothed labels, and a moving average of its weights."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from altaloud.training.averaging import Group
from altaloud.training.batches import Batches
from altaloud.training.loop import Schedule
from altaloud.training.optimising import Optimiser
from altaloud.training.teacher import Teacher, channels_last

SCHEDULE = Schedule(samples=800_000, minutes=20, batch=64, rate=2e-3, warm_up_steps=200, longest_gradient=2.0)
_MEMORY = 0.999  # of the moving average


class Teaching:
    """The teacher and its moving average; the average is what is used."""

    def __init__(
        self, classes: int, batches: Batches, measure: Callable[[Callable[[Tensor], Tensor]], str]
    ) -> None:
        self._batches = batches
        self.network = channels_last(Teacher(classes))
        self.average = copy.deepcopy(self.network).eval()
        self._measure = measure

    def modules(self) -> nn.ModuleDict:
        """Return the network."""
        return nn.ModuleDict({"network": self.network})

    def optimiser(self, schedule: Schedule, group: Group) -> Optimiser:
        """Return what moves the weights."""
        return Optimiser(dict(self.modules().named_parameters()), group, schedule.betas)

    def loss(self, size: int, *, step: int, rank: int, done: float) -> Tensor:
        """Return the cross-entropy."""
        pictures, classes = self._batches.batch(size, step=step, rank=rank)
        scores = self.network(pictures.contiguous(memory_format=torch.channels_last))[2]
        return functional.cross_entropy(scores, classes, label_smoothing=0.1)

    @torch.no_grad()
    def after_step(self, step: int) -> None:
        """Bring the average a little nearer; early on by larger steps."""
        nearer = 1 - min(_MEMORY, step / (step + 20))
        for mean, value in zip(
            self.average.state_dict().values(), self.network.state_dict().values(), strict=True
        ):
            if mean.dtype.is_floating_point:
                mean.lerp_(value, nearer)
            else:
                mean.copy_(value)

    def state(self) -> dict[str, Any]:
        """Return both sets of weights."""
        return {"network": self.network.state_dict(), "average": self.average.state_dict()}

    def restore(self, state: dict[str, Any]) -> None:
        """Take up both sets of weights."""
        self.network.load_state_dict(state["network"])
        self.average.load_state_dict(state["average"])

    def measure(self) -> str:
        """Return how good the average is."""
        return self._measure(
            lambda pictures: self.average(pictures.contiguous(memory_format=torch.channels_last))[2]
        )
