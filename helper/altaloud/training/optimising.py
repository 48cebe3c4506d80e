"""Muon for the matrices of the vision tower, AdamW for all else.

Muon steps along the nearest orthogonal matrix to the momentum (Jordan 2024,
https://kellerjordan.github.io/posts/muon/): in the few steps that an evening on two cores allows, it brings a
small transformer about twice as far as AdamW. Processes that train together share the orthogonalising.
"""

import math
from typing import Any

import torch
from torch import Tensor

from altaloud.training.averaging import Group
from altaloud.training.precision import has_quick_bfloat16

_MOMENTUM = 0.95
_DECAY = 0.05
_MATRIX_RATE = 10.0  # of the schedule's rate, as orthogonal steps are measured by their spectral norm
_NEWTON = (3.4445, -4.775, 2.0315)
_TURNS = 5


class Optimiser:
    """Both optimisers behind one face; the state of a checkpoint holds both."""

    def __init__(
        self, named: dict[str, torch.nn.Parameter], group: Group, betas: tuple[float, float]
    ) -> None:
        """Sort the parameters by name: `.encoder.layers.` with two axes goes to Muon."""
        self._group = group
        self._matrices = [p for name, p in named.items() if is_tower_matrix(name, p)]
        others = [p for name, p in named.items() if not is_tower_matrix(name, p)]
        self._momenta = [torch.zeros_like(p) for p in self._matrices]
        self._adam = torch.optim.AdamW(
            [
                {"params": [p for p in others if p.ndim > 1], "weight_decay": _DECAY},
                {"params": [p for p in others if p.ndim <= 1], "weight_decay": 0.0},
            ],
            lr=1.0,
            betas=betas,
        )

    @torch.no_grad()
    def step(self, rate: float) -> None:
        """Step by the gradients, which are the same in all processes."""
        for settings in self._adam.param_groups:
            settings["lr"] = rate
        self._adam.step()
        directions = []
        for number, (matrix, momentum) in enumerate(zip(self._matrices, self._momenta, strict=True)):
            gradient = matrix.grad
            assert gradient is not None  # noqa: S101  # every matrix takes part in every loss
            momentum.lerp_(gradient, 1 - _MOMENTUM)
            mine = number % self._group.size == self._group.rank
            ahead = gradient.lerp(momentum, _MOMENTUM)
            directions.append(_by_squares(ahead) if mine else torch.zeros_like(matrix))
        self._group.add_up(directions)
        for matrix, direction in zip(self._matrices, directions, strict=True):
            matrix.mul_(1 - rate * _DECAY).add_(direction, alpha=-rate * _MATRIX_RATE)

    def zero_grad(self) -> None:
        """Forget all gradients."""
        self._adam.zero_grad()
        for matrix in self._matrices:
            matrix.grad = None

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint must hold."""
        return {"adam": self._adam.state_dict(), "momenta": self._momenta}

    def load_state_dict(self, held: dict[str, Any]) -> None:
        """Take up what a checkpoint held."""
        self._adam.load_state_dict(held["adam"])
        for momentum, earlier in zip(self._momenta, held["momenta"], strict=True):
            momentum.copy_(earlier)


def is_tower_matrix(name: str, parameter: Tensor) -> bool:
    """Return whether a parameter is one of the matrices that Muon moves."""
    return parameter.ndim == 2 and "vision_model.encoder.layers." in name


def _by_squares(gradient: Tensor) -> Tensor:
    """Return a matrix's direction; the stacked ones for queries, keys and values each by themselves."""
    rows, columns = gradient.shape
    if rows == 3 * columns:
        return torch.cat([orthogonal(part) for part in gradient.chunk(3)])
    return orthogonal(gradient) * math.sqrt(max(1.0, rows / columns))


def orthogonal(matrix: Tensor) -> Tensor:
    """Return about the nearest matrix whose singular values are all one, by Newton and Schulz."""
    a, b, c = _NEWTON
    tall = matrix.shape[0] > matrix.shape[1]
    found = matrix.T if tall else matrix
    found = found / (found.norm() + 1e-7)
    if has_quick_bfloat16():
        found = found.bfloat16()  # as its author does: the direction need not be exact
    for _ in range(_TURNS):
        square = found @ found.T
        found = torch.addmm(found, torch.addmm(square, square, square, beta=b, alpha=c), found, beta=a)
    return (found.T if tall else found).to(matrix.dtype)
