"""Pictures that we draw ourselves: some to record ranges with, others to judge what came of it.

They are the same on every computer. Nothing but pictures tells how far a network's numbers reach, and none of
a user's may be looked at for it. Noise whose coarse shapes are stronger than its fine ones has a photograph's
statistics; drawings, text, flat and dark ones have what photographs have not.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from altaloud.vision.album import Small

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    Image = npt.NDArray[np.float32]  # (rows, columns, red green blue), 0 to 255

_COLUMNS, _ROWS = 480, 360
JUDGED = 32
RECORDED = 28  # eight of them plain
_LETTERS = "abcdefghijklmnopqrstuvwxyz ABCDEFGHIJKLMNOPQRSTUVWXYZ 0123456789 .,!?"


def recorded() -> Sequence[Small]:
    """Return those to record ranges with."""
    plain = [_plain(number) for number in range(8)]
    return [*plain, *(_sample(number) for number in range(RECORDED - len(plain)))]


def judged() -> Sequence[Small]:
    """Return those to judge with; none of them was recorded."""
    return [_sample(1_000 + number) for number in range(JUDGED)]


def _sample(number: int) -> Small:
    import numpy as np

    random = np.random.default_rng(number)
    image = _KINDS[number % len(_KINDS)](random)
    return Small(_COLUMNS, _ROWS, np.rint(image).clip(0, 255).astype(np.uint8).tobytes())


def _plain(corner: int) -> Small:
    """Return one colour all over, all or nothing of red, green and blue: few pictures reach further."""
    colour = bytes(255 * (corner >> channel & 1) for channel in range(3))
    return Small(_COLUMNS, _ROWS, colour * (_COLUMNS * _ROWS))


def _photograph(random: "np.random.Generator") -> "Image":
    """Noise whose strength falls with its frequency, in colours that go together."""
    import numpy as np

    across, down = np.fft.fftfreq(_COLUMNS)[None], np.fft.fftfreq(_ROWS)[:, None]
    frequency = (np.hypot(down, across) + 1 / _COLUMNS) ** random.uniform(0.9, 1.7)
    layers = [
        np.fft.ifft2(np.fft.fft2(random.normal(size=(_ROWS, _COLUMNS))) / frequency).real for _ in range(3)
    ]
    mixed = np.stack([layer / layer.std() for layer in layers], axis=-1)
    mixed[..., 1:] = 0.95 * mixed[..., :1] + 0.3 * mixed[..., 1:]
    return _as_image(random.uniform(90, 160) + random.uniform(25, 70) * mixed)


def _scene(random: "np.random.Generator") -> "Image":
    """Things with edges before a photograph's background, lit from one side."""
    import numpy as np

    image = _photograph(random)
    down, across = np.mgrid[:_ROWS, :_COLUMNS]
    for _ in range(12):
        middle, size = random.uniform(0, (_ROWS, _COLUMNS)), random.uniform(15, 120, 2)
        inside = ((down - middle[0]) / size[0]) ** 2 + ((across - middle[1]) / size[1]) ** 2 < 1
        image[inside] = 0.3 * image[inside] + 0.7 * random.uniform(0, 255, 3)
    light = np.linspace(random.uniform(0.4, 1), random.uniform(0.8, 1.3), _COLUMNS)
    return _as_image(image * light[None, :, None])


def _drawing(random: "np.random.Generator") -> "Image":
    """Plain areas with sharp edges."""
    import numpy as np

    image = np.full((_ROWS, _COLUMNS, 3), random.uniform(0, 255, 3))
    for _ in range(25):
        top, left = random.integers(0, _ROWS), random.integers(0, _COLUMNS)
        height, width = random.integers(5, _ROWS // 2), random.integers(5, _COLUMNS // 2)
        image[top : top + height, left : left + width] = random.uniform(0, 255, 3)
    return _as_image(image)


def _text(random: "np.random.Generator") -> "Image":
    """Lines of letters."""
    import numpy as np
    from PIL import Image, ImageDraw, ImageFont

    paper, ink = (tuple(map(int, random.integers(low, low + 96, 3))) for low in random.permutation([0, 160]))
    page = Image.new("RGB", (_COLUMNS, _ROWS), paper)
    draw, top = ImageDraw.Draw(page), 5
    while top < _ROWS:
        size = int(random.integers(12, 48))
        line = "".join(_LETTERS[index] for index in random.integers(0, len(_LETTERS), 60))
        draw.text((5, top), line, fill=ink, font=ImageFont.load_default(size))
        top += size * 4 // 3
    return _as_image(np.asarray(page))


def _dark(random: "np.random.Generator") -> "Image":
    """A scene at night, with lamps."""
    image = _scene(random) * random.uniform(0.05, 0.25)
    for _ in range(6):
        top, left = random.integers(0, _ROWS - 8), random.integers(0, _COLUMNS - 8)
        image[top : top + 8, left : left + 8] = 255
    return image


def _flat(random: "np.random.Generator") -> "Image":
    """One colour that changes a little from corner to corner: sky, fog, a wall."""
    import numpy as np

    slope = np.linspace(0, 1, _ROWS)[:, None, None] * random.uniform(-40, 40, 3)
    grain = random.normal(scale=random.uniform(0, 3), size=(_ROWS, _COLUMNS, 1))
    return _as_image(random.uniform(30, 225, 3) + slope + grain)


def _grain(random: "np.random.Generator") -> "Image":
    """Fine stripes and noise, as far apart as grey can be: foliage, cloth, gravel."""
    import numpy as np

    down, across = np.mgrid[:_ROWS, :_COLUMNS]
    turn, length = random.uniform(0, np.pi), random.uniform(4, 24)
    stripes = np.sin(2 * np.pi * (down * np.sin(turn) + across * np.cos(turn)) / length)
    noise = random.normal(size=(_ROWS, _COLUMNS, 3))
    return _as_image(128 + 90 * np.sign(stripes)[..., None] * random.uniform(0, 1, 3) + 50 * noise)


def _bright(random: "np.random.Generator") -> "Image":
    """A thing on white, as shops show it."""
    import numpy as np

    thing = _scene(random)
    down, across = np.mgrid[:_ROWS, :_COLUMNS]
    away = np.hypot((down / _ROWS - 0.5) / 0.35, (across / _COLUMNS - 0.5) / 0.3) > 1
    thing[away] = 255
    return thing


def _as_image(values: "npt.NDArray[np.floating]") -> "Image":
    import numpy as np

    made: Image = values.astype(np.float32).clip(0, 255)
    return made


_KINDS: Sequence[Callable[["np.random.Generator"], "Image"]] = (
    _photograph,
    _scene,
    _drawing,
    _text,
    _photograph,
    _dark,
    _flat,
    _scene,
    _grain,
    _bright,
)
