"""Layers that multiply bytes with bytes, by ranges that were recorded beforehand.

What flows into a layer is rounded to 256 steps between the least and the most that the recorded pictures
reached. Each channel is first divided by what balances it with its weights (SmoothQuant, Xiao et al. 2022,
https://arxiv.org/abs/2211.10438), so that a few strong channels do not cost the others their bits.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from altaloud.vision.blip.graphs import Builder
from altaloud.vision.blip.weights import Checkpoint

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_LEAST = 1e-6  # keeps a channel that is always zero from being divided by


@dataclass(frozen=True, slots=True)
class Range:
    """What a layer is given: the least and the most of each channel, (width)."""

    least: "npt.NDArray[np.float32]"
    most: "npt.NDArray[np.float32]"

    def joined(self, other: "Range") -> "Range":
        """Return the range of both."""
        import numpy as np

        return Range(np.minimum(self.least, other.least), np.maximum(self.most, other.most))


class Recorder(Builder):
    """Makes a graph, in float32, that also tells the ranges of what its layers are given."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        super().__init__(checkpoint, "float32")
        self._told: list[Any] = []

    def dense(self, x: Any, weight: "npt.NDArray[np.float32]", bias: "npt.NDArray[np.float32]") -> Any:
        """As a builder does, noting `x`."""
        over = self.integers(0, 1)  # pictures and tokens
        self._told += [self.op.reduce_min(x, over), self.op.reduce_max(x, over)]
        return super().dense(x, weight, bias)

    def model(self, outputs: Sequence[tuple[str, Any]], inputs: Sequence[Any]) -> Any:
        """Return the graph, with the ranges as further outputs."""
        told = [(f"told{at}", node) for at, node in enumerate(self._told)]
        return super().model([*outputs, *told], inputs)


def ranges(request: Any) -> list[Range]:
    """Return what the graph of a `Recorder` told in its last run, in the layers' order."""
    import numpy as np

    count = sum(each.any_name.startswith("told") for each in request.model_outputs)
    told = [np.array(request.get_tensor(f"told{at}").data) for at in range(count)]
    return [Range(least, most) for least, most in zip(told[::2], told[1::2], strict=True)]


class FixedRanges(Builder):
    """Makes a graph that rounds what each layer is given.

    Args:
        checkpoint: Whose tensors go into it.
        given: The range of each layer's input, in the order in which the layers are built.
    """

    def __init__(self, checkpoint: Checkpoint, given: Sequence[Range]) -> None:
        super().__init__(checkpoint, "int8")
        self._given = iter(given)

    def dense(self, x: Any, weight: "npt.NDArray[np.float32]", bias: "npt.NDArray[np.float32]") -> Any:
        """As a builder does, of `x` in bytes."""
        import numpy as np

        given = next(self._given)
        reach = np.maximum(np.maximum(-given.least, given.most), _LEAST)
        scale = np.sqrt(reach / np.maximum(np.abs(weight).max(axis=0), _LEAST))  # (in)
        low, high = float((given.least / scale).min()), float((given.most / scale).max())
        bounds = [self.constant(bound * scale[None, None]) for bound in (low, high)]
        # One step brings both: the channels' division, and the rounding.
        rounded = self.op.fake_quantize(x, *bounds, self.constant(low), self.constant(high), 256)
        return super().dense(rounded, weight * scale, bias)
