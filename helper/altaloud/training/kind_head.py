"""The last word on kinds: a small perceptron and decision trees over what the network sees and counting says.

Fitted on pictures that trained nothing: validation drawings, photographs and icons, and real tuning pictures.
How sure it is is fitted on real pictures of sources that it was not fitted on, as those are what it meets.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from altaloud.training import trees
from altaloud.training.classes import KINDS
from altaloud.vision import starter_kinds
from altaloud.vision.starter_model import kind_evidence

NAMES = ("icon", *KINDS)
Numbers = NDArray[np.float64]

_FOLDS = 6
# Chosen by cross-validation over the sources of the real pictures that teach and tune.
_HIDDEN = 48
_STIFFNESS = 1e-3  # of the squared weights, against fitting a few hundred pictures by heart
_REAL_COUNTS = 2.0  # a real picture counts as much as so many drawn ones
_TREES = trees.Shape(trees=80, smallest_leaf=3, questions=0.2)
_POWERS = (0.5, 1.0)  # of what the perceptron and the trees say


@dataclass(frozen=True, slots=True)
class Perceptron:
    """Weights over standardised evidence: a layer of tanh, then a row for icons and for each kind."""

    mean: Numbers
    spread: Numbers
    inner: Numbers
    inner_bias: Numbers
    outer: Numbers
    outer_bias: Numbers


@dataclass(frozen=True, slots=True)
class KindWeights:
    """As `starter_kinds.KindHead` reads them."""

    perceptron: Perceptron
    trees: trees.Trees
    perceptron_power: float
    trees_power: float

    def arrays(self) -> dict[str, Any]:
        """Return everything by name, in the sizes that are shipped."""
        powers = {name: np.float32(getattr(self, name)) for name in starter_kinds.POWERS}
        weights = {name: values.astype(np.float32) for name, values in asdict(self.perceptron).items()}
        return {
            **weights,
            **asdict(self.trees),
            **{name: np.asarray(value) for name, value in powers.items()},
        }

    def shares(self, evidence: Numbers) -> Numbers:
        """Return what it gives to each of `NAMES`, (pictures, names), as the shipped model does."""
        result: Numbers = starter_kinds.KindHead(self.arrays()).shares(evidence)
        return result


@dataclass(frozen=True, slots=True)
class Example:
    """What one picture gives to fit on."""

    probabilities: NDArray[np.float64]
    traits: NDArray[np.float64]
    truth: str  # one of `NAMES`
    source: str | None  # of a real picture; None where it is drawn


def neutral(inputs: int) -> KindWeights:
    """Return a head that sees nothing, to look at pictures before there is one."""
    many = len(NAMES)
    perceptron = Perceptron(
        mean=np.zeros(inputs),
        spread=np.ones(inputs),
        inner=np.zeros((1, inputs)),
        inner_bias=np.zeros(1),
        outer=np.zeros((many, 1)),
        outer_bias=np.zeros(many),
    )
    blind = trees.grow(np.zeros((many, inputs)), np.arange(many), np.ones(many), many, trees.Shape(1, 1, 1.0))
    return KindWeights(perceptron, blind, *_POWERS)


def fit(examples: Sequence[Example], icons: int) -> tuple[KindWeights, Numbers]:
    """Return the head that fits best, made as sure as it may be, and the shares it gives to real pictures.

    Those shares, (real pictures, names), come of each picture from a head that did not see its source.
    """
    held_out = _of_others(examples, icons)
    truth = np.array([NAMES.index(one.truth) for one in examples if one.source is not None])
    places = np.arange(len(truth))

    def surprise(doubt: float) -> float:
        shares = softened(held_out, doubt)[places, truth] if len(truth) else np.ones(1)
        return float(-np.log(shares.clip(1e-6)).mean())

    doubt = float(min(np.arange(0.7, 5.01, 0.1), key=surprise))
    head = _fit(examples, icons)
    powers = {name: getattr(head, name) / doubt for name in starter_kinds.POWERS}
    return replace(head, **powers), softened(held_out, doubt)


def softened(shares: Numbers, doubt: float) -> Numbers:
    """Return shares as if their scores had been divided by `doubt`."""
    scores = np.log(shares.clip(1e-12)) / doubt
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
        found[places] = head.shares(_evidence([real[place] for place in places], icons))
    return found


def _family(example: Example) -> str:
    """Return a source's first word: "papirus" and "papirus-symbolic" are drawn alike."""
    return (example.source or "").split("-")[0]


def _evidence(examples: Sequence[Example], icons: int) -> Numbers:
    return np.stack([kind_evidence(one.probabilities, one.traits, icons) for one in examples])


def _fit(examples: Sequence[Example], icons: int) -> KindWeights:
    """Return the head that fits best; the rarer a kind, the more each of its pictures counts."""
    seen = _evidence(examples, icons)
    truth = np.array([NAMES.index(one.truth) for one in examples])
    importance = 1 / np.sqrt(np.bincount(truth, minlength=len(NAMES)).clip(min=1))[truth]
    importance *= np.array([1.0 if one.source is None else _REAL_COUNTS for one in examples])
    importance /= importance.mean()
    return KindWeights(
        _perceptron(seen, truth, importance),
        trees.grow(seen, truth, importance, len(NAMES), _TREES),
        *_POWERS,
    )


def _perceptron(seen: Numbers, truth: NDArray[np.int64], importance: Numbers) -> Perceptron:
    mean, spread = seen.mean(axis=0), seen.std(axis=0) + 1e-6
    inputs, kinds = torch.from_numpy((seen - mean) / spread).float(), torch.from_numpy(truth)
    counts = torch.from_numpy(importance).float()
    torch.manual_seed(0)
    inner, outer = torch.nn.Linear(inputs.shape[1], _HIDDEN), torch.nn.Linear(_HIDDEN, len(NAMES))
    parameters = [*inner.parameters(), *outer.parameters()]
    optimiser = torch.optim.LBFGS(parameters, max_iter=150, line_search_fn="strong_wolfe")

    def loss() -> float:
        optimiser.zero_grad()
        scores = outer(torch.tanh(inner(inputs)))
        wrong = torch.nn.functional.cross_entropy(scores, kinds, reduction="none")
        total = (wrong * counts).mean() + _STIFFNESS * sum((p**2).sum() for p in parameters)
        total.backward()  # type: ignore[no-untyped-call]  # torch leaves it without annotations
        return float(total.detach())

    optimiser.step(loss)  # type: ignore[no-untyped-call]  # likewise
    weights = [
        values.detach().double().numpy() for values in (inner.weight, inner.bias, outer.weight, outer.bias)
    ]
    return Perceptron(mean, spread, *weights)
