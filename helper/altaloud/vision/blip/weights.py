"""A checkpoint's config and tensors, read without torch."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from altaloud.errors import ModelDamagedError
from altaloud.vision.blip.pins import WEIGHTS

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# Tied to each other: a file may hold either of the two.
_WORDS = "bert.embeddings.word_embeddings.weight"
_TIED = {
    f"text_decoder.{one}": f"text_decoder.{other}"
    for pair in (
        ("cls.predictions.decoder.weight", _WORDS),
        ("cls.predictions.decoder.bias", "cls.predictions.bias"),
    )
    for one, other in (pair, pair[::-1])
}


@dataclass(frozen=True, slots=True)
class VisionShape:
    """The vision tower's sizes."""

    width: int
    layers: int
    heads: int
    side: int  # of the picture, in pixels
    patch: int  # of one token's square, in pixels
    epsilon: float

    def tokens(self, side: int) -> int:
        """Return how many tokens a picture of `side` pixels becomes: its squares and one for the whole."""
        return (side // self.patch) ** 2 + 1


@dataclass(frozen=True, slots=True)
class TextShape:
    """The sizes of the text encoder or decoder, and the markers."""

    width: int
    layers: int
    heads: int
    vocabulary: int
    positions: int  # the longest text, in tokens
    epsilon: float
    begin: int  # the marker before a sentence that is to be written
    end: int
    pad: int


class Checkpoint:
    """One installed model's folder. Tensors are read when asked for; nothing of them is kept.

    Raises:
        ModelDamagedError: Config or weights cannot be read, or are of a kind that we do not know.
    """

    def __init__(self, folder: Path) -> None:
        from safetensors import SafetensorError, safe_open

        self.name = folder.name
        try:
            config = json.loads((folder / "config.json").read_text("utf-8"))
            self.vision = _vision_shape(config["vision_config"])
            self.text = _text_shape(config["text_config"])
            opened: Any = safe_open(folder / WEIGHTS, framework="numpy")
            self._file = opened
            self._names = frozenset(opened.keys())
        except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
            raise ModelDamagedError(f"{folder.name}: the weights cannot be read") from error

    def has(self, name: str) -> bool:
        """Whether there is such a tensor."""
        return name in self._names or _TIED.get(name) in self._names

    def tensor(self, name: str) -> "npt.NDArray[np.float32]":
        """Return one tensor."""
        values: npt.NDArray[np.float32] = self._slice(name)[:].astype("float32", copy=False)
        return values

    def rows(self, name: str, first: int, count: int) -> "npt.NDArray[np.float32]":
        """Return `count` rows of a tensor, without reading the others."""
        part = self._slice(name)[first : first + count]
        values: npt.NDArray[np.float32] = part.astype("float32", copy=False)
        return values

    def _slice(self, name: str) -> Any:
        held = name if name in self._names else _TIED.get(name)
        if held not in self._names:
            raise ModelDamagedError(f"{self.name}: the weights lack {name}")
        return self._file.get_slice(held)


def _vision_shape(config: Mapping[str, Any]) -> VisionShape:
    _refuse_unknown(config)
    return VisionShape(  # what is missing has transformers' default
        width=config.get("hidden_size", 768),
        layers=config.get("num_hidden_layers", 12),
        heads=config.get("num_attention_heads", 12),
        side=config.get("image_size", 384),
        patch=config.get("patch_size", 16),
        epsilon=config.get("layer_norm_eps", 1e-5),
    )


def _text_shape(config: Mapping[str, Any]) -> TextShape:
    _refuse_unknown(config)
    return TextShape(
        width=config.get("hidden_size", 768),
        layers=config.get("num_hidden_layers", 12),
        heads=config.get("num_attention_heads", 8),
        vocabulary=config.get("vocab_size", 30_524),
        positions=config.get("max_position_embeddings", 512),
        epsilon=config.get("layer_norm_eps", 1e-12),
        begin=config.get("bos_token_id", 30_522),
        end=config.get("sep_token_id", 102),
        pad=config.get("pad_token_id", 0),
    )


def _refuse_unknown(config: Mapping[str, Any]) -> None:
    if config.get("hidden_act", "gelu") != "gelu":
        raise ValueError("an activation that is not BLIP's")
