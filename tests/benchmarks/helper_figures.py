"""What the helper costs when it does little: memory when idle, and the time of an answer it remembers."""

import statistics
import time
from collections.abc import Iterator
from pathlib import Path

import psutil

from benchmarks.result import Result
from end_to_end.api_client import ApiClient
from end_to_end.browsers.waiting import wait_for
from end_to_end.helper_process import Helper
from end_to_end.pictures import draw_words

_REQUESTS = 300
_IDLE_SECONDS = 2  # the engine gives its memory back after this long, so that we need not wait for minutes


def remembered_over_http(folder: Path) -> Iterator[Result]:
    """Ask again and again for a picture that the helper has described before, over one connection."""
    with Helper(folder / "remembered") as helper:
        picture = _picture(folder)
        with _client(helper) as client:
            assert not client.describe(picture)["cached"]
            client.describe(picture)
            milliseconds = sorted(_milliseconds(client, picture) for _ in range(_REQUESTS))
    yield Result("remembered description over HTTP, p50", round(statistics.median(milliseconds), 2), "ms")
    yield Result("remembered description over HTTP, p95", round(milliseconds[int(_REQUESTS * 0.95)], 2), "ms")


def idle_memory(folder: Path) -> Iterator[Result]:
    """Describe one picture, let the engine unload, and look at what is still resident."""
    with Helper(folder / "idle", settings=f"idle_seconds = {_IDLE_SECONDS}") as helper:
        daemon = psutil.Process(helper.runtime["pid"])
        yield Result("daemon resident, just started", _megabytes(daemon), "MB")
        with _client(helper) as client:
            client.describe(_picture(folder))
        busy = len(daemon.children(recursive=True))
        wait_for(
            lambda: len(daemon.children(recursive=True)) < busy,
            what="the engine to unload",
            seconds=_IDLE_SECONDS + 30,
        )
        yield Result("daemon resident, idle, engine unloaded", _megabytes(daemon), "MB")
        together = [daemon, *daemon.children(recursive=True)]
        yield Result(
            "daemon and the processes it keeps, idle, resident",
            round(sum(map(_megabytes, together)), 1),
            "MB",
        )


def _picture(folder: Path) -> bytes:
    file = folder / "harvest.png"
    draw_words(file, "Harvest market")
    return file.read_bytes()


def _client(helper: Helper) -> ApiClient:
    return ApiClient(**helper.add_key())


def _milliseconds(client: ApiClient, picture: bytes) -> float:
    began = time.perf_counter()
    description = client.describe(picture)
    spent = (time.perf_counter() - began) * 1000
    assert description["cached"]
    return spent


def _megabytes(process: psutil.Process) -> float:
    resident: int = process.memory_info().rss
    return round(resident / 1e6, 1)
