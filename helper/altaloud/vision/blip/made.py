"""What a folder of graphs says of itself: what they were made from, and each file as it was written.

It lies among them, so that a folder without it, or with another maker's, counts for nothing and is made anew.
"""

import contextlib
import json
from collections.abc import Callable
from importlib import metadata
from pathlib import Path

from altaloud.vision.blip.digests import RECORD, Wanted, sha256, write_json
from altaloud.vision.blip.pins import WEIGHTS

_MADE = "made.json"


def record(folder: Path, model: Path, graphs_format: int) -> None:
    """Say of the graphs in `folder` that they were made from `model` just now."""
    files = {
        path.name: {"bytes": path.stat().st_size, "sha256": sha256(path)} for path in sorted(folder.iterdir())
    }
    write_json(folder / _MADE, {**_maker(model, graphs_format), "files": files})


def is_current(folder: Path, model: Path, graphs_format: int) -> bool:
    """Whether they are there, made from these weights by this version of OpenVINO. Reads no graph."""
    try:
        found = json.loads((folder / _MADE).read_text("utf-8"))
        return bool(found.pop("files")) and bool(found == _maker(model, graphs_format))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def damaged(
    folder: Path, at: Callable[[str, int, int], None] = lambda _name, _done, _total: None
) -> list[str]:
    """Compare every byte with what was written; return the names of the files that differ.

    If there are any, the folder counts for nothing from now on: who needs the graphs makes them anew.

    Args:
        folder: Of graphs; one that is not there has nothing damaged.
        at: Called with a file's name, the bytes that were read of it, and those there are.
    """
    from filelock import FileLock, Timeout

    with contextlib.ExitStack() as stack:
        try:  # nobody makes them anew meanwhile
            stack.enter_context(FileLock(folder.with_name(f"{folder.name}.lock"), timeout=0))
        except Timeout:
            return []  # they are being made or judged just now, and may be other ones in a moment
        except OSError:
            pass  # where nothing can be written, nothing is made either
        wrong = [file.name for file in _wanted(folder) if not file.is_in(folder, at)]
        if wrong:
            with contextlib.suppress(OSError):  # nor can they be told to count for nothing
                (folder / _MADE).unlink()
    return wrong


def _wanted(folder: Path) -> list[Wanted]:
    try:
        files = json.loads((folder / _MADE).read_text("utf-8"))["files"]
        return [Wanted(name, file["bytes"], file["sha256"]) for name, file in files.items()]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return []  # it counts for nothing as it is


def _maker(model: Path, graphs_format: int) -> dict[str, object]:
    """Return what graphs depend on, as JSON gives it back."""
    published = json.loads((model / RECORD).read_text("utf-8"))
    weights = published["files"][WEIGHTS]["sha256"]
    return {"openvino": metadata.version("openvino"), "format": graphs_format, "weights": weights}
