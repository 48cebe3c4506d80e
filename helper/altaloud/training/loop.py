"""The training loop that teacher and student share: schedule, steps, averaging, checkpoints, progress."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from altaloud.training.averaging import Group
from altaloud.training.optimising import Optimiser

_REPORT_SECONDS = 90.0
_PLAIN_UNTIL = 0.25  # share of the training at the highest rate


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast; training ends at the samples or the minutes, whichever comes first."""

    samples: int
    minutes: float
    batch: int  # pictures a step in one process
    rate: float  # AdamW's, at its highest
    warm_up_steps: int
    longest_gradient: float
    betas: tuple[float, float] = (0.9, 0.999)


class Task(Protocol):
    """What is trained."""

    def modules(self) -> nn.ModuleDict:
        """Return everything with parameters to train."""

    def optimiser(self, schedule: Schedule, group: Group) -> Optimiser:
        """Return what moves the parameters."""

    def loss(self, size: int, *, step: int, rank: int, done: float) -> Tensor:
        """Return the loss of a step's batch, when a share `done` of the schedule is done."""

    def after_step(self, step: int) -> None:
        """Do what follows an optimiser's step."""

    def state(self) -> dict[str, Any]:
        """Return what a checkpoint must hold."""

    def restore(self, state: dict[str, Any]) -> None:
        """Take up what a checkpoint held."""

    def measure(self) -> str:
        """Return in one line how good it is on validation packs."""


def train(
    task: Task, schedule: Schedule, group: Group, *, checkpoint: Path, report: Callable[[str], None]
) -> None:
    """Train until the schedule ends; takes up `checkpoint` if it is there, leaves the last state in it.

    The state after half of the schedule stays beside it, as `half`.
    """
    optimiser = task.optimiser(schedule, group)
    step, earlier = _take_up(task, optimiser, checkpoint)
    parameters = [parameter for parameter in task.modules().parameters() if parameter.requires_grad]
    started = reported = time.monotonic()
    elapsed, before = earlier, 0.0
    task.modules().train()
    while (done := _done(schedule, step, group, elapsed)) < 1:
        if group.is_first and before < 0.5 <= done:
            _save(task, optimiser, step, elapsed, checkpoint.with_stem(f"{checkpoint.stem}-half"))
        before = done
        loss = task.loss(schedule.batch, step=step, rank=group.rank, done=done)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]  # torch leaves it without annotations
        elapsed = group.average(parameters, earlier + time.monotonic() - started)
        nn.utils.clip_grad_norm_(parameters, schedule.longest_gradient)
        optimiser.step(schedule.rate * _rate(done, step, schedule))
        step += 1
        task.after_step(step)
        if group.is_first and time.monotonic() - reported > _REPORT_SECONDS:
            samples = step * schedule.batch * group.size
            report(f"{done:4.0%} {samples:,} samples, {elapsed / 60:.1f} min, loss {loss.item():.3f}")
            _save(task, optimiser, step, elapsed, checkpoint)
            reported = time.monotonic()
    if group.is_first:
        _save(task, optimiser, step, elapsed, checkpoint)
        samples = step * schedule.batch * group.size
        report(f"done: {samples:,} samples, {elapsed / 60:.1f} min, {task.measure()}")


def _done(schedule: Schedule, step: int, group: Group, elapsed_seconds: float) -> float:
    """Return the share of the schedule that is done; equal in all processes, as `elapsed_seconds` is."""
    return max(step * schedule.batch * group.size / schedule.samples, elapsed_seconds / 60 / schedule.minutes)


def _rate(done: float, step: int, schedule: Schedule) -> float:
    """Return the share of the highest rate: a warm-up, a plain, then straight down to nothing."""
    return min(1.0, (step + 1) / schedule.warm_up_steps, (1 - done) / (1 - _PLAIN_UNTIL))


def _take_up(task: Task, optimiser: Optimiser, checkpoint: Path) -> tuple[int, float]:
    """Return the step and the seconds already trained; 0, 0 where there is no checkpoint."""
    if not checkpoint.exists():
        return 0, 0.0
    held = torch.load(checkpoint, weights_only=True)
    task.restore(held["task"])
    optimiser.load_state_dict(held["optimiser"])
    return int(held["step"]), float(held["seconds"])


def _save(task: Task, optimiser: Optimiser, step: int, seconds: float, checkpoint: Path) -> None:
    partial = checkpoint.with_suffix(".part")
    held = {"task": task.state(), "optimiser": optimiser.state_dict(), "step": step, "seconds": seconds}
    torch.save(held, partial)
    partial.replace(checkpoint)
