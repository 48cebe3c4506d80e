"""What naming an icon takes, over HTTP and in an engine that loads nothing else; what reading a page does."""

import asyncio
import io
import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
from PIL import Image, ImageDraw, ImageFont

from altaloud.vision.engine import Engine
from altaloud.vision.pictures import Picture
from benchmarks.result import Result
from end_to_end.api_client import ApiClient
from end_to_end.helper_process import Helper

_ICONS = 100
_STARTS = 5
_BUTTON = {"context": {"role": "button"}}


def icons_over_http(folder: Path) -> Iterator[Result]:
    """Ask for icons that the helper has not seen before, one after the other, with the engine loaded."""
    with Helper(folder / "icons") as helper, ApiClient(**helper.add_key()) as client:
        client.describe(_png(_magnifier(999)), **_BUTTON)
        milliseconds, named = [], 0
        spent = _processor_seconds(helper.runtime["pid"])
        for number in range(_ICONS):
            icon = _png(_magnifier(number))
            began = time.perf_counter()
            description = client.describe(icon, **_BUTTON)
            milliseconds.append((time.perf_counter() - began) * 1000)
            assert not description["cached"]
            named += description["icon"] == "search"
        spent = _processor_seconds(helper.runtime["pid"]) - spent
    milliseconds.sort()
    yield Result("icon named over HTTP, p50", round(statistics.median(milliseconds), 1), "ms")
    yield Result("icon named over HTTP, p95", round(milliseconds[int(_ICONS * 0.95)], 1), "ms")
    # Little changed by what else the machine does.
    yield Result("icon named over HTTP, processor time", round(spent * 1000 / _ICONS, 1), "ms")
    yield Result("icon named over HTTP, named right", named, "of 100")


def engine_with_starter(folder: Path) -> Iterator[Result]:
    """Start engines that only name an icon, then have one read a page; a start ends with the first name."""
    seconds, spent, megabytes = zip(*(asyncio.run(_start(folder)) for _ in range(_STARTS)), strict=True)
    yield Result("engine with the starter alone, start to first icon, best", round(min(seconds), 2), "s")
    yield Result(
        "engine with the starter alone, start to first icon, p50", round(statistics.median(seconds), 2), "s"
    )
    yield Result("engine with the starter alone, start, processor time", round(min(spent), 2), "s")
    yield Result("engine with the starter alone, resident", round(max(megabytes), 1), "MB")
    peak, after = asyncio.run(_read_a_page(folder))
    yield Result("engine reading a full-HD page, peak", peak, "MB")
    yield Result("engine after reading a full-HD page, resident", after, "MB")


async def _start(folder: Path) -> tuple[float, float, float]:
    engine = Engine(models=folder, idle_seconds=60)
    began = time.perf_counter()
    guess = await engine.kind(_picture(_magnifier(0)))
    seconds = time.perf_counter() - began
    assert guess.icon == "search"
    process = psutil.Process(engine.pid)
    times = process.cpu_times()
    resident: int = process.memory_info().rss
    await engine.close()
    return seconds, times.user + times.system, resident / 1e6


def _processor_seconds(daemon: int) -> float:
    """Return what the helper and its children have spent."""
    parent = psutil.Process(daemon)
    spent = [process.cpu_times() for process in (parent, *parent.children(recursive=True))]
    return sum(times.user + times.system for times in spent)


async def _read_a_page(folder: Path) -> tuple[float, float]:
    engine = Engine(models=folder, idle_seconds=60)
    page = _picture(_page())
    await engine.kind(page)
    assert len((await engine.read(page)).lines) > 20
    status = Path(f"/proc/{engine.pid}/status").read_text("utf-8")
    figures = {line.split()[0]: int(line.split()[1]) for line in status.splitlines() if line.startswith("Vm")}
    await engine.close()
    return round(figures["VmHWM:"] / 1000, 1), round(figures["VmRSS:"] / 1000, 1)


def _magnifier(number: int) -> Image.Image:
    """Return the sign for searching, in an ink of its own."""
    image = Image.new("RGB", (48, 48), "white")
    draw = ImageDraw.Draw(image)
    ink = (number % 50, number // 50 * 3, number % 7)
    draw.ellipse([6, 6, 32, 32], outline=ink, width=4)
    draw.line([(29, 29), (42, 42)], fill=ink, width=5)
    return image


def _page() -> Image.Image:
    image = Image.new("RGB", (1920, 1080), "white")
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(14)
    for number in range(24):
        words = f"Line {number}: the library opens at nine and closes at eight"
        draw.text((60, 30 + 42 * number), words, font=font, fill="#222222")
    return image


def _png(image: Image.Image) -> bytes:
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def _picture(image: Image.Image) -> Picture:
    return Picture(*image.size, bytes(32), *image.size, image.tobytes(), 0.0, "PNG")
