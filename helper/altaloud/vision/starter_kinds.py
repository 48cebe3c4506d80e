"""The last word on kinds, of two opinions: a small perceptron and some hundred decision trees.

Both see the same evidence: what the network gives to icons and to each kind, and what counting says. The
perceptron weighs it and is the better judge of signs and logos; the trees ask one question after another and
are less misled by a maker who draws unlike all others. Their shares are multiplied, each to a power.
"""

from collections.abc import Mapping
from typing import Any

PERCEPTRON = ("mean", "spread", "inner", "inner_bias", "outer", "outer_bias")
TREES = ("feature", "threshold", "child", "roots", "leaves")
POWERS = ("perceptron_power", "trees_power")
_LEAST = 1e-4  # share of a name that an opinion rules out: the other may know better


class KindHead:
    """Weighs the evidence of one picture or of many."""

    def __init__(self, held: Mapping[str, Any]) -> None:
        """Take the arrays that `PERCEPTRON`, `TREES` and `POWERS` name.

        Raises:
            KeyError: One is missing.
            ValueError: They do not fit each other.
        """
        import numpy as np

        numbers = {name: np.asarray(held[name], dtype=np.float64) for name in (*PERCEPTRON, *POWERS)}
        self._mean, self._spread = numbers["mean"], numbers["spread"]
        self._inner, self._inner_bias = numbers["inner"], numbers["inner_bias"]
        self._outer, self._outer_bias = numbers["outer"], numbers["outer_bias"]
        self._powers = tuple(float(numbers[name]) for name in POWERS)
        # One row of nodes for all trees: a node leads to `child` or the one after it, a leaf to itself.
        self._feature, self._child, self._roots = (
            np.asarray(held[name], dtype=np.int64) for name in ("feature", "child", "roots")
        )
        self._threshold = np.asarray(held["threshold"], dtype=np.float32)
        self._leaves = np.asarray(held["leaves"], dtype=np.float64)  # (nodes, names); zero where no leaf is
        nodes = len(self._feature)
        if not (
            self._inner.shape == (len(self._inner_bias), self.inputs)
            and self._outer.shape == (self.names, len(self._inner_bias))
            and self._leaves.shape == (nodes, self.names)
            and len(self._threshold) == len(self._child) == nodes
            and _all_within(self._feature, self.inputs)
            and len(self._roots) > 0
            and _all_within(self._roots, nodes)
            and _all_within(self._child, nodes)
            and _all_within(self._child[self._child != np.arange(nodes)], nodes - 1)  # and the one after it
        ):
            raise ValueError("the parts of the kind head do not fit")
        self._depth = self._deepest()

    @property
    def inputs(self) -> int:
        """How many numbers the evidence of a picture has."""
        return len(self._mean)

    @property
    def names(self) -> int:
        """How many names it gives shares to."""
        return len(self._outer_bias)

    def _deepest(self) -> int:
        """Return how many questions the longest way has.

        Raises:
            ValueError: A way has no end.
        """
        nodes = self._roots
        for depth in range(len(self._child)):
            nodes = nodes[self._child[nodes] != nodes]
            if not len(nodes):
                return depth
            nodes = (self._child[nodes][:, None] + [0, 1]).ravel()
        raise ValueError("a tree of the kind head has no end")

    def shares(self, evidence: Any) -> Any:
        """Return what each name gets, float64 (pictures, names), of evidence (pictures, inputs)."""
        import numpy as np

        hidden = np.tanh((evidence - self._mean) / self._spread @ self._inner.T + self._inner_bias)
        weighed = _shares(hidden @ self._outer.T + self._outer_bias)
        opinions = (weighed, self._of_trees(evidence))
        scores = sum(power * np.log(one + _LEAST) for power, one in zip(self._powers, opinions, strict=True))
        return _shares(scores)

    def _of_trees(self, evidence: Any) -> Any:
        """Return the mean of the leaves that the trees lead to, (pictures, names)."""
        import numpy as np

        # float32 as the thresholds are; all pictures in one row, as numpy is quickest with that
        row = evidence.astype(np.float32).ravel()
        start = np.repeat(np.arange(len(evidence)) * self.inputs, len(self._roots))
        nodes = np.tile(self._roots, len(evidence))
        for _ in range(self._depth):
            is_above = row[self._feature[nodes] + start] >= self._threshold[nodes]
            nodes = self._child[nodes] + is_above
        return self._leaves[nodes].reshape(len(evidence), len(self._roots), -1).mean(axis=1)


def _all_within(indices: Any, length: int) -> bool:
    return bool(((indices >= 0) & (indices < length)).all())


def _shares(scores: Any) -> Any:
    import numpy as np

    weights = np.exp(scores - scores.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)
