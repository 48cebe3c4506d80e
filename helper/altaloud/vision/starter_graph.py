"""The starter model's network, built from a stock BLIP by the builder that the full model goes through."""

from pathlib import Path
from typing import Any

from altaloud.errors import ModelDamagedError
from altaloud.vision.blip.graphs import Builder
from altaloud.vision.blip.vision_graphs import embed, positions, vision_layer
from altaloud.vision.blip.weights import Checkpoint
from altaloud.vision.starter_model import HEAD


def scorer(folder: Path) -> Any:
    """Return the graph from "pixels", float32 (1, 3, side, side), to "scores", (1, classes).

    Args:
        folder: Holds `config.json`, `model.safetensors` and `head.safetensors`, the head on the mean of a
            picture's tokens.

    Raises:
        ModelDamagedError: A file cannot be read.
    """
    from safetensors import SafetensorError
    from safetensors.numpy import load_file

    try:
        head = load_file(folder / HEAD)
    except (OSError, SafetensorError) as error:
        raise ModelDamagedError(f"the starter model's {HEAD} cannot be read") from error
    checkpoint = Checkpoint(folder)
    shape, build = checkpoint.vision, Builder(checkpoint, "float32")
    pixels = build.input("pixels", (1, 3, shape.side, shape.side))
    x = embed(build, pixels, build.constant(positions(checkpoint, shape.side)))
    for layer in range(shape.layers):
        x = vision_layer(build, x, layer)
    tokens = build.norm(x, "vision_model.post_layernorm", shape.epsilon)
    squares = build.op.slice(
        tokens,
        build.integers(1),
        build.integers(shape.tokens(shape.side)),
        build.integers(1),
        build.integers(1),
    )
    mean = build.op.reduce_mean(squares, build.integers(1), False)  # (1, width)
    scores = build.dense(mean, head["weight"].astype("float32"), head["bias"].astype("float32"))
    return build.model([("scores", scores)], [pixels])
