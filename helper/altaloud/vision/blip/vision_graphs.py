"""The vision tower in pieces, and what the text side looks at.

A picture's tokens go through the pieces in turn, so that a more wanted question can go in between. The
position embeddings are an input: those of another resolution are interpolated, see `positions`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from altaloud.vision.blip.graphs import Builder
from altaloud.vision.blip.weights import Checkpoint

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

_ROOT = "vision_model"
_CUBIC = -0.75  # torch's coefficient for bicubic interpolation


def piece(build: Builder, layers: Sequence[int]) -> Any:
    """Return the graph of some of the tower's layers, in order; of all of them, it is the whole tower.

    The piece with layer 0 takes "pixels", float32 (1, 3, side, side), and "positions", (1, tokens, width);
    the others take "tokens", (1, tokens, width). The piece with the last layer gives "features", normalised;
    the others give "tokens". Rows, columns and tokens are left open: reshape the model before compiling it.
    """
    shape = build.checkpoint.vision
    inputs = _picture_inputs(build) if 0 in layers else [build.input("tokens", (1, -1, shape.width))]
    x = embed(build, *inputs) if 0 in layers else inputs[0]
    for layer in layers:
        x = vision_layer(build, x, layer)
    if shape.layers - 1 not in layers:
        return build.model([("tokens", x)], inputs)
    return build.model([("features", build.norm(x, f"{_ROOT}.post_layernorm", shape.epsilon))], inputs)


def _picture_inputs(build: Builder) -> list[Any]:
    shape = build.checkpoint.vision
    return [build.input("pixels", (1, 3, -1, -1)), build.input("positions", (1, -1, shape.width))]


def embed(build: Builder, pixels: Any, positions: Any) -> Any:
    """Return the tokens of a picture: one for the whole, then its squares, row by row."""
    op, shape, root = build.op, build.checkpoint.vision, f"{_ROOT}.embeddings"
    kernel, bias = (build.checkpoint.tensor(f"{root}.patch_embedding.{part}") for part in ("weight", "bias"))
    strides = [shape.patch, shape.patch]
    squares = op.convolution(pixels, build.constant(kernel), strides, [0, 0], [0, 0], [1, 1])
    squares = op.add(squares, build.constant(bias.reshape(1, -1, 1, 1)))  # (1, width, rows, columns)
    flat = op.reshape(squares, build.integers(0, 0, -1), True)
    rows = op.transpose(flat, build.integers(0, 2, 1))
    whole = build.constant(build.checkpoint.tensor(f"{root}.class_embedding"))  # (1, 1, width)
    return op.add(op.concat([whole, rows], 1), positions)


def vision_layer(build: Builder, x: Any, layer: int) -> Any:
    """Return one layer's output; `x` is (1, tokens, width)."""
    shape, root = build.checkpoint.vision, f"{_ROOT}.encoder.layers.{layer}"
    normed = build.norm(x, f"{root}.layer_norm1", shape.epsilon)
    weight, bias = (build.checkpoint.tensor(f"{root}.self_attn.qkv.{part}") for part in ("weight", "bias"))
    scale = (shape.width // shape.heads) ** -0.5
    weight[: shape.width] *= scale  # the queries' rows
    bias[: shape.width] *= scale
    query, key, value = build.heads(build.dense(normed, weight, bias), 3, shape.heads)
    x = build.op.add(x, build.linear(build.attend(query, key, value), f"{root}.self_attn.projection"))
    inner = build.gelu(build.linear(build.norm(x, f"{root}.layer_norm2", shape.epsilon), f"{root}.mlp.fc1"))
    return build.op.add(x, build.linear(inner, f"{root}.mlp.fc2"))


def positions(checkpoint: Checkpoint, side: int) -> "npt.NDArray[np.float32]":
    """Return the position embeddings for pictures of `side` pixels, (1, tokens, width).

    For another side than the trained one they are interpolated, as transformers does it: bicubic.
    """
    import numpy as np

    table = checkpoint.tensor(f"{_ROOT}.embeddings.position_embedding")
    shape = checkpoint.vision
    before, after = shape.side // shape.patch, side // shape.patch
    if before == after:
        return table
    stretch = _bicubic(before, after)  # (after, before)
    grid = table[0, 1:].reshape(before, before, shape.width)
    grid = np.einsum("ai,bj,ijw->abw", stretch, stretch, grid, optimize=True)
    squares = grid.reshape(1, -1, shape.width).astype(np.float32)
    return np.concatenate([table[:, :1], squares], axis=1)


def _bicubic(before: int, after: int) -> "npt.NDArray[np.float64]":
    """Return the matrix that stretches `before` values to `after`; values beyond the edge repeat it."""
    import numpy as np

    matrix = np.zeros((after, before))
    for row in range(after):
        place = (row + 0.5) * before / after - 0.5
        first = int(np.floor(place))
        for at in range(first - 1, first + 3):
            matrix[row, min(max(at, 0), before - 1)] += _cubic(abs(place - at))
    return matrix


def _cubic(distance: float) -> float:
    if distance <= 1:
        return ((_CUBIC + 2) * distance - (_CUBIC + 3)) * distance**2 + 1
    return ((_CUBIC * distance - 5 * _CUBIC) * distance + 8 * _CUBIC) * distance - 4 * _CUBIC
