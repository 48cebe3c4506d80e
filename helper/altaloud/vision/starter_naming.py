"""How sure an icon's name is: as often as it is said with this sureness, so often it is right.

The network's own probability is one witness. Others are what it gives to near names, to the second best
and to "other icon", how undecided it is, and how reliable the name is: how often drawings of that look have
that name in the packs it was trained on. A logistic model weighs them (Platt 1999).
"""

from collections.abc import Mapping, Sequence
from typing import Any

WITNESSES = ("best", "best and near", "second", "other icon", "no icon", "undecided", "reliability")
_LEAST = 1e-5


class Naming:
    """Weighs the witnesses for the likeliest name."""

    def __init__(self, held: Mapping[str, Any], near: Any, reliability: Sequence[float]) -> None:
        """Take the weights.

        Args:
            held: "mean", "spread" and "weights" of the witnesses, and "bias".
            near: bool (icons, icons): which names do not contradict each other; each is near itself.
            reliability: Of each name, 0..1.
        """
        import numpy as np

        self._near = near
        self.reliability = np.array(reliability)
        self._mean, self._spread, self._weights = (
            np.array(held[name], dtype=np.float64) for name in ("mean", "spread", "weights")
        )
        self._bias = float(held["bias"])
        if not len(self._mean) == len(self._spread) == len(self._weights) == len(WITNESSES):
            raise ValueError("the weights of names do not fit")

    def name(self, probabilities: Any) -> tuple[int, float]:
        """Return the likeliest name's place and how sure it is, of the network's probabilities (classes,)."""
        import numpy as np

        best, witnesses = self.witnesses(probabilities)
        score = float((witnesses - self._mean) / self._spread @ self._weights) + self._bias
        return best, float(1 / (1 + np.exp(-score)))

    def witnesses(self, probabilities: Any) -> tuple[int, Any]:
        """Return the likeliest name's place, and what speaks for it in the order of `WITNESSES`."""
        import numpy as np

        icons = len(self.reliability)
        names = probabilities[:icons]
        best = int(names.argmax())
        others = np.delete(names, best)
        kept = probabilities.clip(1e-9)
        return best, np.array(
            [
                _odds(names[best]),
                _odds(names[self._near[best]].sum()),
                np.log(others.max(initial=0.0) + _LEAST),
                np.log(probabilities[icons] + _LEAST),
                np.log(probabilities[icons + 1 :].sum() + _LEAST),
                -(kept * np.log(kept)).sum(),
                _odds(self.reliability[best]),
            ]
        )


def near_names(near: Mapping[str, Sequence[str]], names: Sequence[str]) -> Any:
    """Return which names do not contradict each other, either way round: bool (names, names)."""
    import numpy as np

    number = {name: place for place, name in enumerate(names)}
    found = np.eye(len(names), dtype=bool)
    for name, others in near.items():
        for other in others:
            if other in number:
                found[number[name], number[other]] = found[number[other], number[name]] = True
    return found


def _odds(share: Any) -> float:
    """Return the logarithm of the odds."""
    import numpy as np

    return float(np.log(np.clip(share, _LEAST, 1) / np.clip(1 - share, _LEAST, 1)))
