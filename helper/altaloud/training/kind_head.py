"""The last word on kinds: a small perceptron over what the network sees and what counting says.

Fitted on pictures that trained nothing: validation drawings, photographs and icons, and real tuning pictures.
How sure it is is fitted on real pictures of sources that it was not fitted on, as those are what it meets.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import torch
from numpy.typing import NDArray

from altaloud.training.classes import KINDS
from altaloud.vision.starter_model import kind_evidence

NAMES = ("icon", *KINDS)
Numbers = NDArray[np.float64]

_FOLDS = 6
# Chosen by cross-validation over the sources of the tuning pictures.
_HIDDEN = 24
_STIFFNESS = 1e-3  # of the squared weights, against fitting a few hundred pictures by heart
_REAL_COUNTS = 2.0  # a real picture counts as much as so many drawn ones


@dataclass(frozen=True, slots=True)
class KindHead:
    """Weights over standardised evidence: a layer of tanh, then a row for icons and for each kind."""

    mean: list[float]
    spread: list[float]
    inner: list[list[float]]
    inner_bias: list[float]
    outer: list[list[float]]
    outer_bias: list[float]


@dataclass(frozen=True, slots=True)
class Example:
    """What one picture gives to fit on."""

    probabilities: NDArray[np.float64]
    traits: NDArray[np.float64]
    truth: str  # one of `NAMES`
    source: str | None  # of a real picture; None where it is drawn


def neutral(inputs: int) -> KindHead:
    """Return a head that sees nothing, to look at pictures before there is one."""
    many = len(NAMES)
    return KindHead([0.0] * inputs, [1.0] * inputs, [[0.0] * inputs], [0.0], [[0.0]] * many, [0.0] * many)


def fit(examples: Sequence[Example], icons: int) -> tuple[KindHead, Numbers]:
    """Return the head that fits best, made as sure as it may be, and the shares it gives to real pictures.

    Those shares, (real pictures, names), come of each picture from a head that did not see its source.
    """
    held_out = _of_others(examples, icons)
    truth = np.array([NAMES.index(one.truth) for one in examples if one.source is not None])
    places = np.arange(len(truth))

    def surprise(doubt: float) -> float:
        shares = softened(held_out, doubt)[places, truth] if len(truth) else np.ones(1)
        return float(-np.log(shares.clip(1e-6)).mean())

    doubt = float(min(np.arange(1.0, 5.01, 0.1), key=surprise))
    return _less_sure(_fit(examples, icons), doubt), softened(held_out, doubt)


def softened(shares: Numbers, doubt: float) -> Numbers:
    """Return shares as if their scores had been divided by `doubt`."""
    scores = np.log(shares.clip(1e-12)) / doubt
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Numbers = weights / weights.sum(axis=1, keepdims=True)
    return result


def shares(head: KindHead, evidence: Numbers) -> Numbers:
    """Return what a head gives to each of `NAMES`, (pictures, names), as the shipped model does."""
    inputs = (evidence - np.array(head.mean)) / np.array(head.spread)
    hidden = np.tanh(inputs @ np.array(head.inner).T + np.array(head.inner_bias))
    scores = hidden @ np.array(head.outer).T + np.array(head.outer_bias)
    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    result: Numbers = weights / weights.sum(axis=1, keepdims=True)
    return result


def _of_others(examples: Sequence[Example], icons: int) -> Numbers:
    """Return the shares of each real picture by a head that saw nothing of its source or a related one."""
    real = [one for one in examples if one.source is not None]
    families = sorted({_family(one) for one in real})
    found = np.zeros((len(real), len(NAMES)))
    for fold in range(min(_FOLDS, len(families))):
        unseen = set(families[fold::_FOLDS])
        head = _fit([one for one in examples if one.source is None or _family(one) not in unseen], icons)
        places = [place for place, one in enumerate(real) if _family(one) in unseen]
        evidence = np.stack(
            [kind_evidence(real[place].probabilities, real[place].traits, icons) for place in places]
        )
        found[places] = shares(head, evidence)
    return found


def _family(example: Example) -> str:
    """Return a source's first word: "papirus" and "papirus-symbolic" are drawn alike."""
    return (example.source or "").split("-")[0]


def _less_sure(head: KindHead, doubt: float) -> KindHead:
    """Return the head with its scores divided by `doubt`."""
    outer = [[round(weight / doubt, 5) for weight in row] for row in head.outer]
    return replace(head, outer=outer, outer_bias=[round(bias / doubt, 5) for bias in head.outer_bias])


def _fit(examples: Sequence[Example], icons: int) -> KindHead:
    """Return the head that fits best; the rarer a kind, the more each of its pictures counts."""
    seen = np.stack([kind_evidence(one.probabilities, one.traits, icons) for one in examples])
    truth = torch.tensor([NAMES.index(one.truth) for one in examples])
    mean, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-6
    inputs = torch.from_numpy((seen - mean) / spread).float()
    importance = 1 / torch.bincount(truth, minlength=len(NAMES)).clamp(min=1).sqrt()[truth]
    importance *= torch.tensor([1.0 if one.source is None else _REAL_COUNTS for one in examples])
    importance /= importance.mean()
    torch.manual_seed(0)
    inner, outer = torch.nn.Linear(inputs.shape[1], _HIDDEN), torch.nn.Linear(_HIDDEN, len(NAMES))
    parameters = [*inner.parameters(), *outer.parameters()]
    optimiser = torch.optim.LBFGS(parameters, max_iter=150, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimiser.zero_grad()
        scores = outer(torch.tanh(inner(inputs)))
        wrong = torch.nn.functional.cross_entropy(scores, truth, reduction="none")
        total = (wrong * importance).mean() + _STIFFNESS * sum((p**2).sum() for p in parameters)
        total.backward()  # type: ignore[no-untyped-call]  # torch leaves it without annotations
        return float(total.detach())

    optimiser.step(loss)  # type: ignore[no-untyped-call]  # likewise
    return KindHead(
        mean=_rounded(mean),
        spread=_rounded(spread),
        inner=[_rounded(row) for row in inner.weight.detach().numpy()],
        inner_bias=_rounded(inner.bias.detach().numpy()),
        outer=[_rounded(row) for row in outer.weight.detach().numpy()],
        outer_bias=_rounded(outer.bias.detach().numpy()),
    )


def _rounded(values: NDArray[np.floating]) -> list[float]:
    return [round(float(value), 5) for value in values]
