"""Pictures of the kinds, drawn once with their seeds and kept in the model's canonical form."""

import hashlib
import json
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from altaloud.training.collection import Photo
from altaloud.training.drawing import drawn
from altaloud.training.drawing.brush import font_files
from altaloud.vision.starter_input import prepare

SIDE = 76  # pixels; a sixth more than the model's side, so that training may move and zoom

# How many pictures of each kind; those that vary most have most.
AMOUNTS = {
    "bar chart": 1300,
    "line chart": 1300,
    "pie chart": 1000,
    "scatter chart": 1000,
    "diagram": 1200,
    "table": 2200,
    "text": 3600,
    "screenshot": 2600,
    "logo": 2600,
    "illustration": 1300,
    "decorative": 2800,
    "blank": 500,
}

Job = tuple[str, int, tuple[str, ...]]


def drawn_kinds(
    amounts: dict[str, int],
    cache: Path,
    fonts: tuple[Path, ...],
    *,
    first_seed: int,
    report: Callable[[str], None],
) -> tuple[NDArray[np.uint8], list[str]]:
    """Return uint8 (pictures, SIDE, SIDE, 3) and the kind of each."""
    files = font_files(fonts)
    jobs = [
        (kind, first_seed + number * len(amounts) + place, files)
        for place, (kind, many) in enumerate(amounts.items())
        for number in range(many)
    ]
    key = hashlib.sha256(json.dumps([amounts, first_seed, files]).encode()).hexdigest()[:16]
    path = cache / f"kinds-{key}.npy"
    if not path.exists():
        cache.mkdir(parents=True, exist_ok=True)
        pictures = []
        with get_context("spawn").Pool(2) as workers:
            for picture in workers.imap(_canonical, jobs, chunksize=32):
                pictures.append(picture)
                if len(pictures) % 2000 == 0:
                    report(f"{len(pictures):,} of {len(jobs):,} pictures drawn")
        partial = path.with_suffix(".part.npy")
        np.save(partial, np.stack(pictures))
        partial.replace(path)
    return np.load(path, mmap_mode="r"), [kind for kind, _, _ in jobs]


def photographs(photos: list[Photo], side: int = SIDE) -> NDArray[np.uint8]:
    """Return the photographs in canonical form: uint8 (photos, side, side, 3)."""
    return np.stack([canonical_file(photo.path, side) for photo in photos])


def canonical_file(path: Path, side: int) -> NDArray[np.uint8]:
    """Return one image file in canonical form, on white where it is transparent."""
    with Image.open(path) as image:
        return on_white(image, side)


def on_white(image: Image.Image, side: int) -> NDArray[np.uint8]:
    """Return an image in canonical form, on white where it is transparent."""
    shown = image.convert("RGBA")
    page = Image.new("RGBA", shown.size, "white")
    page.alpha_composite(shown)
    result: Any = prepare(np.asarray(page.convert("RGB")), side)
    return np.asarray(result, dtype=np.uint8)


def _canonical(job: Job) -> NDArray[np.uint8]:
    kind, seed, fonts = job
    return np.asarray(prepare(drawn(kind, seed, fonts), SIDE), dtype=np.uint8)
