"""BLIP as OpenVINO graphs, built straight from a checkpoint's tensors.

`Builder` knows how a layer's parts are written down and how weights are stored. Shapes in comments are
(batch, tokens, width) unless said otherwise.

Model: Li et al. 2022, https://arxiv.org/abs/2201.12086; the layers are those of transformers'
`modeling_blip.py` and `modeling_blip_text.py`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from altaloud.vision import silent_openvino
from altaloud.vision.blip.weights import Checkpoint

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

Storage = Literal["float32", "int8"]  # of the weights in a graph


class Builder:
    """Makes the nodes of one graph.

    Args:
        checkpoint: Whose tensors go into it.
        storage: "int8" keeps the big matrices as bytes, with a factor for each row.
    """

    def __init__(self, checkpoint: Checkpoint, storage: Storage) -> None:
        ov = silent_openvino.load()
        self._ov = ov
        self.op = ov.opset13
        self.checkpoint = checkpoint
        self._storage = storage

    def input(self, name: str, shape: Sequence[int]) -> Any:
        """Return a float32 input of the graph; -1 is a size that may vary."""
        node = self.op.parameter(list(shape), self._ov.Type.f32, name=name)
        node.output(0).tensor.set_names({name})
        return node

    def model(self, outputs: Sequence[tuple[str, Any]], inputs: Sequence[Any]) -> Any:
        """Return the whole graph, an `openvino.Model`."""
        results = []
        for name, node in outputs:
            # Named on a node of its own: a node that is also used inside may be merged away.
            result = self.op.result(node)
            result.output(0).tensor.set_names({name})
            results.append(result)
        return self._ov.Model(results, list(inputs), "blip")

    def constant(self, value: "npt.ArrayLike") -> Any:
        """Return float32 numbers."""
        import numpy as np

        return self.op.constant(np.asarray(value, dtype=np.float32))

    def norm(self, x: Any, name: str, epsilon: float) -> Any:
        """Layer normalisation over the last axis."""
        centred = self.op.mvn(x, self.integers(-1), True, epsilon, "inside_sqrt")
        weight, bias = (self.checkpoint.tensor(f"{name}.{part}") for part in ("weight", "bias"))
        return self.op.add(self.op.multiply(centred, self.constant(weight)), self.constant(bias))

    def linear(self, x: Any, *names: str, scales: Sequence[float] | None = None) -> Any:
        """One or several linear layers side by side: their outputs follow each other on the last axis.

        Args:
            x: What they are applied to.
            names: Each without `.weight` and `.bias`.
            scales: What each one's output is multiplied by; folded into its weights.
        """
        import numpy as np

        factors = scales or [1.0] * len(names)
        pairs = list(zip(names, factors, strict=True))
        weight = np.concatenate([self.checkpoint.tensor(f"{name}.weight") * f for name, f in pairs])
        bias = np.concatenate([self.checkpoint.tensor(f"{name}.bias") * f for name, f in pairs])
        return self.dense(x, weight, bias)

    def dense(self, x: Any, weight: "npt.NDArray[np.float32]", bias: "npt.NDArray[np.float32]") -> Any:
        """Return x · weightᵀ + bias; `weight` is (out, in), and is stored as this builder stores weights."""
        product = self.op.matmul(x, self._matrix(weight), False, True)
        return self.op.add(product, self.constant(bias))

    def _matrix(self, weight: "npt.NDArray[np.float32]") -> Any:
        import numpy as np

        if self._storage == "float32":
            return self.constant(weight)
        factor = np.maximum(np.abs(weight).max(axis=1, keepdims=True), 1e-12) / 127  # (out, 1)
        # int8, (out, in): OpenVINO recognises a constant that is converted and multiplied as stored weights.
        stored = self.op.constant(np.rint(weight / factor).astype(np.int8))
        return self.op.multiply(self.op.convert(stored, "f32"), self.constant(factor))

    def heads(self, x: Any, count: int, heads: int) -> list[Any]:
        """Split `count` things side by side into (batch, heads, tokens, size of a head) each."""
        # (batch, tokens, count, heads, size) -> (count, batch, heads, tokens, size)
        size = x.get_output_partial_shape(0)[2].get_length() // (count * heads)
        split = self.op.reshape(x, self.integers(0, 0, count, heads, size), True)
        turned = self.op.transpose(split, self.integers(2, 0, 3, 1, 4))
        if count == 1:
            return [self.op.squeeze(turned, self.integers(0))]
        parts = self.op.split(turned, self.integer(0), count)
        return [self.op.squeeze(parts.output(index), self.integers(0)) for index in range(count)]

    def attend(self, query: Any, key: Any, value: Any) -> Any:
        """Return attention without a mask, its heads side by side again.

        1/√(size of a head) is folded into the query's weights. All are (batch, heads, tokens, size).
        """
        weights = self.op.softmax(self.op.matmul(query, key, False, True), -1)
        return self.join(self.op.matmul(weights, value, False, False))

    def join(self, x: Any) -> Any:
        """(batch, heads, tokens, size) -> (batch, tokens, heads · size)."""
        shape = x.get_output_partial_shape(0)
        width = shape[1].get_length() * shape[3].get_length()
        turned = self.op.transpose(x, self.integers(0, 2, 1, 3))
        return self.op.reshape(turned, self.integers(0, 0, width), True)

    def gelu(self, x: Any) -> Any:
        """The exact one, by the error function."""
        return self.op.gelu(x, "erf")

    def integers(self, *values: int) -> Any:
        """Return a list of int64."""
        import numpy as np

        return self.op.constant(np.array(values, dtype=np.int64))

    def integer(self, value: int) -> Any:
        """Return one int64."""
        import numpy as np

        return self.op.constant(np.array(value, dtype=np.int64))
