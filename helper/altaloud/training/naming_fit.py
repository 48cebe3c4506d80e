"""The weights of the witnesses for an icon's name: a logistic model fitted on validation packs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from altaloud.vision.starter_naming import WITNESSES

_STIFFNESS = 1e-5  # of the squared weights


@dataclass(frozen=True, slots=True)
class NamingWeights:
    """As `starter_naming.Naming` reads them."""

    mean: list[float]
    spread: list[float]
    weights: list[float]
    bias: float


def neutral() -> NamingWeights:
    """Return weights with which the network's own probability is the sureness."""
    many = len(WITNESSES)
    return NamingWeights([0.0] * many, [1.0] * many, [1.0] + [0.0] * (many - 1), 0.0)


def fit(witnesses: Sequence[NDArray[np.float64]], right: NDArray[np.bool_]) -> NamingWeights:
    """Return the weights with which the sureness says best whether a name is right."""
    seen = np.stack(witnesses)
    mean, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-6
    inputs, truth = torch.from_numpy((seen - mean) / spread), torch.from_numpy(right.astype(np.float64))
    weights = torch.zeros(len(WITNESSES), dtype=torch.float64, requires_grad=True)
    bias = torch.zeros(1, dtype=torch.float64, requires_grad=True)
    optimiser = torch.optim.LBFGS([weights, bias], max_iter=200, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimiser.zero_grad()
        scores = inputs @ weights + bias
        total = torch.nn.functional.binary_cross_entropy_with_logits(scores, truth)
        total = total + _STIFFNESS * (weights**2).sum()
        total.backward()  # type: ignore[no-untyped-call]  # torch leaves it without annotations
        return float(total.detach())

    optimiser.step(loss)  # type: ignore[no-untyped-call]  # likewise
    return NamingWeights(
        mean=[round(float(value), 5) for value in mean],
        spread=[round(float(value), 5) for value in spread],
        weights=[round(float(value), 5) for value in weights.detach()],
        bias=round(float(bias.detach()), 5),
    )
