"""A trained network: of the exact architecture, small enough to lie here, its words as sure as a captioner's.

It was trained with the few words that its sentences have (`train.py`). The others get weights drawn by a
seed, and a bias that keeps them unlikely, so that the vocabulary is of the published size.
"""

from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from altaloud.vision.blip.pins import CAPTIONER
from checkpoints import install, vocabulary
from trained.shapes import words

WEIGHTS = Path(__file__).with_name("weights.npz")
PAD, END, BEGIN = "[PAD]", "[SEP]", "[BEGIN]"
_UNLIKELY = -12.0  # bias of a word that no sentence has
_BY_WORD = (
    "word_embeddings.weight",
    "predictions.decoder.weight",
    "predictions.decoder.bias",
    "predictions.bias",
)


def pieces() -> list[str]:
    """Return what the network was trained to read and write, in the order of its rows."""
    return [PAD, END, *words(), BEGIN]


def install_trained(models: Path) -> Path:
    """Install it as the product's captioner; return its folder."""
    return install(models, CAPTIONER, fill, {})


def fill(network: Any) -> None:
    """Give a network of the published vocabulary the trained weights."""
    import torch

    rows = _rows()
    for name, parameter in network.named_parameters():
        value = torch.from_numpy(_trained()[name].astype(np.float32))
        if name.endswith(_BY_WORD):
            parameter.copy_(_unlikely(parameter, float(value.std())))
            parameter[rows] = value
        else:
            # Places beyond those of any sentence it learned are never read.
            parameter[tuple(slice(size) for size in value.shape)] = value


def _unlikely(parameter: Any, spread: float) -> Any:
    import torch

    if parameter.dim() == 1:
        return torch.full(parameter.shape, _UNLIKELY)
    return spread * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(0))


def _rows() -> list[int]:
    """Return where the published vocabulary has what it was trained with."""
    place = {word: index for index, word in enumerate(vocabulary())} | {BEGIN: 30_522}
    return [place[piece] for piece in pieces()]


@cache
def _trained() -> dict[str, npt.NDArray[np.float16]]:
    with np.load(WEIGHTS) as stored:
        return {name: stored[name] for name in stored.files}
