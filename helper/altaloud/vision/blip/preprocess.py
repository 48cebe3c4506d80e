"""A picture as the checkpoint wants it: float32, square, normalised.

Equal to transformers' `BlipImageProcessorPil` to the last bit, without importing torch. Resizing is
Pillow's bicubic, which smooths when it shrinks; OpenCV's does not and is far off.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

# CLIP's, named in every pinned checkpoint's preprocessor_config.json; red, green, blue.
_MEAN = (0.48145466, 0.4578275, 0.40821073)
_STD = (0.26862954, 0.26130258, 0.27577711)


class Pixels(Protocol):
    """The part of a picture that a model looks at."""

    @property
    def columns(self) -> int:
        """Width of `pixels`."""

    @property
    def rows(self) -> int:
        """Height of `pixels`."""

    @property
    def pixels(self) -> bytes:
        """Red, green and blue, one byte each, row by row."""


def tables() -> "Sequence[npt.NDArray[np.float32]]":
    """Return for each channel what each of the 256 byte values becomes."""
    import numpy as np

    unit = np.arange(256, dtype=np.float32) / np.float32(255)
    return [(unit - np.float32(mean)) / np.float32(std) for mean, std in zip(_MEAN, _STD, strict=True)]


def preprocess(picture: Pixels, side: int) -> "npt.NDArray[np.float32]":
    """Return `picture` as (1 image, 3 channels, `side` rows, `side` columns).

    The aspect ratio is not kept, as in the checkpoints' training: a tall banner arrives squashed.
    """
    import numpy as np
    from PIL import Image

    image = Image.frombytes("RGB", (picture.columns, picture.rows), picture.pixels)
    square = np.asarray(image.resize((side, side), Image.Resampling.BICUBIC))
    # square: uint8, (rows, columns, channels)
    return np.stack([table[square[:, :, channel]] for channel, table in enumerate(tables())])[None]
