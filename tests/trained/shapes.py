"""Pictures of plain shapes, each with a true sentence: what a small network can learn to say in minutes.

A sentence may be said in several ways, as people's captions differ: "big" is at times "large", and the ground
is not always told. So the words of what learned from them are as sure as they are often said, and no more.
"""

from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageDraw

from drawings import Drawing

_COLUMNS, _ROWS = 240, 180
_COLOURS = {
    "red": (200, 30, 40),
    "green": (30, 140, 60),
    "blue": (40, 70, 200),
    "yellow": (240, 210, 50),
    "black": (20, 20, 20),
    "white": (245, 245, 245),
}
_PLACES = {"left": 0.25, "right": 0.75}
_RADII = {"small": 22, "big": 42}
_KINDS = ("circle", "square", "triangle", "cross")
# What is said instead, and how often.
_INSTEAD = {"big": ("large", 0.25), "circle": ("disc", 0.2), "picture": ("drawing", 0.15)}
_TOLD = {"size": 0.9, "ground": 0.8, "picture": 0.3}


@dataclass(frozen=True)
class Thing:
    kind: str
    colour: str
    size: str
    place: str


@dataclass(frozen=True)
class Scene:
    """One or two things on a ground."""

    ground: str
    things: tuple[Thing, ...]
    drawing: Drawing


def words() -> list[str]:
    """Return every word that a sentence may have."""
    said = [*_COLOURS, *_PLACES, *_RADII, *_KINDS, *(other for other, _ in _INSTEAD.values())]
    return sorted({*said, "a", "picture", "of", "on", "the", "and", "ground"})


def scene(seed: int) -> Scene:
    """Return a scene; the same seed gives the same."""
    random = np.random.default_rng(seed)
    ground, *colours = random.permutation(list(_COLOURS))[:3].tolist()
    places = random.permutation(list(_PLACES)).tolist()[: int(random.integers(1, 3))]
    things = tuple(
        Thing(str(random.choice(_KINDS)), colour, str(random.choice(list(_RADII))), place)
        for colour, place in zip(colours, places, strict=False)
    )
    return Scene(ground, things, _draw(ground, things, random))


def sentence(shown: Scene, random: np.random.Generator) -> str:
    """Return one of the ways to say what is shown; what is on the left comes first."""
    said = "a picture of " if random.random() < _TOLD["picture"] else ""
    ordered = sorted(shown.things, key=lambda thing: _PLACES[thing.place])
    has_sizes = random.random() < _TOLD["size"]
    said += " and ".join(
        f"a {thing.size + ' ' if has_sizes else ''}{thing.colour} {thing.kind}" for thing in ordered
    )
    if len(ordered) == 1:
        said += f" on the {ordered[0].place}"
    if random.random() < _TOLD["ground"]:
        said += f" on a {shown.ground} ground"
    for word, (other, chance) in _INSTEAD.items():
        if random.random() < chance:
            said = said.replace(word, other)
    return said


def _draw(ground: str, things: tuple[Thing, ...], random: np.random.Generator) -> Drawing:
    page = Image.new("RGB", (_COLUMNS, _ROWS), _varied(ground, random))
    pen = ImageDraw.Draw(page)
    for thing in things:
        colour, radius = _varied(thing.colour, random), _RADII[thing.size] + int(random.integers(-5, 6))
        across = int(_PLACES[thing.place] * _COLUMNS) + int(random.integers(-15, 16))
        down = _ROWS // 2 + int(random.integers(-45, 46))
        box = (across - radius, down - radius, across + radius, down + radius)
        if thing.kind == "circle":
            pen.ellipse(box, fill=colour)
        elif thing.kind == "square":
            pen.rectangle(box, fill=colour)
        elif thing.kind == "triangle":
            pen.polygon([(across, box[1]), (box[0], box[3]), (box[2], box[3])], fill=colour)
        else:
            arm = radius // 3
            pen.rectangle((across - arm, box[1], across + arm, box[3]), fill=colour)
            pen.rectangle((box[0], down - arm, box[2], down + arm), fill=colour)
    return Drawing(_COLUMNS, _ROWS, page.tobytes())


def _varied(colour: str, random: np.random.Generator) -> tuple[int, int, int]:
    red, green, blue = (int(np.clip(value + random.integers(-18, 19), 0, 255)) for value in _COLOURS[colour])
    return red, green, blue
