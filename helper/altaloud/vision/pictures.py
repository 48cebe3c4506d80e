"""Untrusted bytes in, a picture out: upright, RGB, of a bounded size, with a fingerprint.

Nothing is decoded here: a sandboxed process does it (`decoder`), and what it answers is checked, as a
hostile image may have taken it over. Every picture passes through `PictureReader`, so the rest of the
package may rely on `Picture`.
"""

from dataclasses import dataclass
from typing import Any

from altaloud.errors import (
    ChildCrashedError,
    ChildTimeoutError,
    DamagedImageError,
    ImageTooLargeError,
    UnreadableImageError,
)
from altaloud.vision import sizes

# Pixels; small print on a full-HD screenshot survives, and a picture is under 20 MB. A long page may be
# longer (`sizes`) and take 40 MB.
LONGEST_SIDE = 2560

_START_SECONDS = 20.0  # for a cold disk; 0.15 s when warm
_DECODE_SECONDS = 30.0  # the largest picture accepted takes up to 5 s on two old cores
_IDLE_SECONDS = 60.0
# glibc then gives a picture's memory back when it is freed, instead of learning to keep it (mallopt(3)).
_MEMORY = {"MALLOC_MMAP_THRESHOLD_": "1048576"}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as a page shows it."""

    width: int  # of the full size, upright
    height: int
    fingerprint: bytes  # SHA-256 over full size and full-size pixels: re-encoding without loss keeps it
    columns: int  # of `pixels`: reduced as `sizes` says
    rows: int
    pixels: bytes  # RGB, one byte each, row by row
    transparent: float  # share of pixels that are fully or nearly transparent
    format: str  # as Pillow calls it: JPEG, PNG, WEBP, GIF, AVIF, BMP or ICO


class PictureReader:
    """Decodes in a process of its own, which starts with the first picture and ends after a quiet minute."""

    def __init__(self, *, max_bytes: int, max_pixels: int) -> None:
        """Decode nothing yet.

        Args:
            max_bytes: Largest encoded image accepted.
            max_pixels: Largest width x height accepted. A file of a few kilobytes can declare billions of
                pixels, so its size in bytes is no guard.
        """
        from altaloud.vision.child import Child  # not above: the engine needs Picture alone, and no asyncio

        self._max_bytes = max_bytes
        self._decoder = Child(
            "altaloud.vision.decoder",
            [str(max_pixels), str(LONGEST_SIDE), str(_IDLE_SECONDS)],
            name="image decoder",
            environment=_MEMORY,
        )
        self._sandbox: tuple[str, ...] = ()

    @property
    def sandbox(self) -> tuple[str, ...]:
        """What locks the decoder in: "landlock", "limits", "seccomp"; empty before the first use."""
        return self._sandbox

    @property
    def pid(self) -> int | None:
        """The decoder's process, or None when it is not running."""
        return self._decoder.pid

    async def start(self) -> None:
        """Have the decoder ready, so that the first picture does not wait for it.

        Raises:
            ChildError: It does not start.
        """
        if not self._decoder.is_running:
            reply, _ = await self._decoder.ask({"do": "hello"}, timeout_seconds=_START_SECONDS)
            self._sandbox = tuple(str(layer) for layer in reply.get("sandbox", ()))

    async def read(self, data: bytes, *, background: tuple[int, int, int] | None = None) -> Picture:
        """Decode `data`.

        Args:
            data: An encoded image, as the browser has it.
            background: The page's colour behind transparent parts. Not known: white. Where nothing at all
                would be seen on it, white or black.

        Raises:
            ImageError: One of its kinds: not an image, damaged, or too large.
            ChildError: The decoder does not start.
        """
        if not data:
            raise UnreadableImageError("the file is empty")
        if len(data) > self._max_bytes:
            raise ImageTooLargeError(
                f"the image has {len(data):,} bytes, and {self._max_bytes:,} are accepted"
            )
        await self.start()  # by itself, so that a decoder that cannot start is not blamed on the image
        try:
            reply, pixels = await self._decoder.ask(
                {"do": "read", "background": background}, data, timeout_seconds=_DECODE_SECONDS
            )
            return _checked(reply, pixels)
        except ChildTimeoutError as error:
            raise DamagedImageError("the image takes too long to decode safely") from error
        except (ChildCrashedError, ValueError) as error:
            raise DamagedImageError("the image cannot be decoded safely") from error

    async def close(self) -> None:
        """End the decoder; a later `read` starts it again."""
        await self._decoder.close()


def _checked(reply: dict[str, Any], pixels: bytes) -> Picture:
    """Return the decoder's answer as a picture. ValueError if it contradicts itself."""
    width, height, columns, rows = (_size(reply.get(name)) for name in ("width", "height", "columns", "rows"))
    fingerprint = bytes.fromhex(str(reply.get("fingerprint")))
    transparent = reply.get("transparent")
    if len(fingerprint) != 32 or not isinstance(transparent, float) or not 0 <= transparent <= 1:
        raise ValueError("a value is missing")
    if not sizes.is_bounded(columns, rows, LONGEST_SIDE) or columns * rows * 3 != len(pixels):
        raise ValueError("the pixels do not fit the size")
    return Picture(
        width=width,
        height=height,
        fingerprint=fingerprint,
        columns=columns,
        rows=rows,
        pixels=pixels,
        transparent=transparent,
        format=str(reply.get("format"))[:8],
    )


def _size(value: object) -> int:
    if not isinstance(value, int) or value < 1:
        raise ValueError("a size is missing")
    return value
