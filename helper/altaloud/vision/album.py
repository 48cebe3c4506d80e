"""The last few pictures that somebody may ask about, and what the models have seen in them."""

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field

from altaloud.vision.blip.preprocess import Pixels
from altaloud.vision.blip.runtime import Features


@dataclass(frozen=True, slots=True)
class Small:
    """A picture as small as the models look at it: nothing more of it is needed."""

    columns: int
    rows: int
    pixels: bytes  # RGB, one byte each, row by row


def shrunk(picture: Pixels, side: int) -> Small:
    """Return `picture` as a square of `side` pixels. The models' own resizing leaves that as it is."""
    from PIL import Image

    if (picture.columns, picture.rows) == (side, side):
        return Small(side, side, picture.pixels)
    image = Image.frombytes("RGB", (picture.columns, picture.rows), picture.pixels)
    return Small(side, side, image.resize((side, side), Image.Resampling.BICUBIC).tobytes())


@dataclass(slots=True)
class _Page:
    picture: Small
    features: dict[str, Features] = field(default_factory=dict)  # by the model that saw them

    @property
    def nbytes(self) -> int:
        return len(self.picture.pixels) + sum(each.nbytes for each in self.features.values())


class Album:
    """Keeps pictures by a name, the latest used, up to so many bytes."""

    def __init__(self, *, max_bytes: int) -> None:
        self._max_bytes = max_bytes
        self._pages: OrderedDict[str, _Page] = OrderedDict()

    @property
    def nbytes(self) -> int:
        """What is kept."""
        return sum(page.nbytes for page in self._pages.values())

    def keep(self, name: str, picture: Small) -> None:
        """Keep a picture, and what was seen in it if it is there already."""
        self._pages.setdefault(name, _Page(picture))
        self._pages.move_to_end(name)
        self._forget_oldest()

    def picture(self, name: str) -> Small | None:
        """Return a picture that is still here."""
        page = self._pages.get(name)
        if page is None:
            return None
        self._pages.move_to_end(name)
        return page.picture

    def features(self, name: str | None, model: str) -> Features | None:
        """Return what `model` has seen in that picture, if it is still here."""
        page = self._pages.get(name) if name is not None else None
        return page.features.get(model) if page else None

    def add(self, name: str | None, seen: Mapping[str, Features]) -> None:
        """Keep what models have seen in a picture, if that is here."""
        page = self._pages.get(name) if name is not None else None
        if page is not None:
            page.features.update(seen)
            self._forget_oldest()

    def forget_features(self) -> None:
        """Let go of what was seen: its runtime is no longer there."""
        for page in self._pages.values():
            page.features.clear()

    def _forget_oldest(self) -> None:
        while self.nbytes > self._max_bytes:
            self._pages.popitem(last=False)
