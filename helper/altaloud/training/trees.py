"""Extremely randomised trees (Geurts 2006, doi:10.1007/s10994-006-6226-1), in numpy alone.

Each question is the best of a few that are drawn by chance: a feature and a threshold. Chance is what keeps a
hundred trees from making the same mistake.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Trees:
    """All nodes of all trees in one row; the roots come first.

    From a node the way leads to `child`, or the node after it where the feature is not below the threshold; a
    leaf's child is itself, and its threshold is never reached.
    """

    feature: NDArray[np.int16]
    threshold: NDArray[np.float32]
    child: NDArray[np.int32]
    roots: NDArray[np.int32]
    leaves: NDArray[np.float16]  # (nodes, classes)


@dataclass(frozen=True, slots=True)
class Shape:
    """How many trees, and how far they ask."""

    trees: int
    smallest_leaf: int  # pictures
    questions: float  # share of the features that a question is chosen from


def grow(inputs: Numbers, truth: NDArray[np.int64], importance: Numbers, classes: int, shape: Shape) -> Trees:
    """Return trees for inputs (pictures, features) and the class of each picture."""
    weights = np.zeros((len(truth), classes))
    weights[np.arange(len(truth)), truth] = importance
    many = max(1, round(shape.questions * inputs.shape[1]))
    chance = np.random.default_rng(0)
    seen = inputs.astype(np.float32)
    feature, threshold, child = [0] * shape.trees, [np.inf] * shape.trees, list(range(shape.trees))
    leaves: list[Numbers] = [np.zeros(classes)] * shape.trees
    waiting = [(root, np.arange(len(truth))) for root in range(shape.trees)]
    while waiting:
        node, inside = waiting.pop()
        question = _question(
            seen, weights, inside, chance.choice(inputs.shape[1], many, replace=False), chance
        )
        if question is not None and len(inside) >= 2 * shape.smallest_leaf:
            place, limit = question
            is_above = seen[inside, place] >= limit
            parts = inside[~is_above], inside[is_above]
            if min(len(part) for part in parts) >= shape.smallest_leaf:
                feature[node], threshold[node], child[node] = place, limit, len(feature)
                for part in parts:
                    waiting.append((len(feature), part))
                    feature.append(0)
                    threshold.append(np.inf)
                    child.append(len(child))
                    leaves.append(np.zeros(classes))
                continue
        found = weights[inside].sum(axis=0)
        leaves[node] = found / found.sum()
    return Trees(
        np.array(feature, dtype=np.int16),
        np.array(threshold, dtype=np.float32),
        np.array(child, dtype=np.int32),
        np.arange(shape.trees, dtype=np.int32),
        np.array(leaves, dtype=np.float16),
    )


def _question(
    inputs: NDArray[np.float32],
    weights: Numbers,
    inside: NDArray[np.int64],
    features: NDArray[np.int64],
    chance: np.random.Generator,
) -> tuple[int, float] | None:
    """Return the feature and threshold that part the pictures best, or None where all are of one class."""
    held = weights[inside]
    total = held.sum(axis=0)
    if (total > 0).sum() < 2:
        return None
    seen = inputs[np.ix_(inside, features)]
    lowest, highest = seen.min(axis=0), seen.max(axis=0)
    limits = (lowest + (highest - lowest) * chance.random(len(features), dtype=np.float32)).astype(np.float32)
    above = (seen >= limits).astype(np.float64).T @ held  # (questions, classes)
    below = total - above
    purity = sum((part**2).sum(axis=1) / part.sum(axis=1).clip(1e-12) for part in (above, below))
    best = int(np.argmax(np.where(highest > lowest, purity, -1.0)))
    return int(features[best]), float(limits[best])
