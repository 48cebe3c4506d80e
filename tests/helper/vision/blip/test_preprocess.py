"""Our preprocessing is the checkpoint's own, to the last bit."""

from dataclasses import dataclass

import numpy as np
import pytest

from altaloud.vision.blip.preprocess import preprocess


@dataclass(frozen=True)
class Pixels:
    columns: int
    rows: int
    pixels: bytes


@pytest.mark.parametrize(
    ("columns", "rows"), [(384, 384), (1200, 800), (17, 900), (1, 1), (2560, 40)], ids=str
)
@pytest.mark.parametrize("content", ["noise", "black", "white"])
def test_it_equals_the_reference(columns: int, rows: int, content: str) -> None:
    from PIL import Image
    from transformers.models.blip.image_processing_pil_blip import BlipImageProcessorPil

    shape = (rows, columns, 3)
    made = {
        "noise": np.random.default_rng(0).integers(0, 256, shape, np.uint8),
        "black": np.zeros(shape, np.uint8),
        "white": np.full(shape, 255, np.uint8),
    }[content]
    image = Image.fromarray(made)

    ours = preprocess(Pixels(columns, rows, made.tobytes()), 384)

    reference = BlipImageProcessorPil()(images=image, return_tensors="np")["pixel_values"]
    assert ours.shape == (1, 3, 384, 384)
    assert ours.dtype == np.float32
    assert ours.flags.c_contiguous
    assert np.array_equal(ours, reference)
