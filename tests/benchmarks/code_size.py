"""Lines of code of each part: those in git that are neither blank nor generated."""

import subprocess
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.result import Result

_PROJECT = Path(__file__).parents[2]
_CODE = {".py", ".js", ".html", ".css", ".sh"}
_GENERATED = {"extension/content.bundle.js"}


def lines_of_code() -> Iterator[Result]:
    """Count each room of the helper, each folder of the extension, and the other folders at the top."""
    files = subprocess.run(["git", "ls-files"], cwd=_PROJECT, capture_output=True, text=True, check=True)
    counted: Counter[str] = Counter()
    for name in files.stdout.splitlines():
        file = _PROJECT / name
        if file.suffix in _CODE and name not in _GENERATED and file.is_file():
            counted[_part(Path(name))] += sum(
                1 for line in file.read_text("utf-8").splitlines() if line.strip()
            )
    for part, count in sorted(counted.items()):
        yield Result(f"lines of code, {part}", count, "lines")


def _part(file: Path) -> str:
    depth = {"helper": 3, "extension": 2, "tests": 2}.get(file.parts[0], 1)
    return "/".join(file.parent.parts[:depth])
