"""The processes that the helper starts import nothing from the folder that it happens to be started in."""

import re
from pathlib import Path

SOURCES = sorted((Path(__file__).parents[2] / "helper").rglob("*.py"))
STARTS = re.compile(r'sys\.executable,\s*((?:"-\w+",\s*)*)"-[mc]"')


def test_no_child_imports_from_the_current_folder() -> None:
    starts = [(path.name, options) for path in SOURCES for options in STARTS.findall(path.read_text("utf-8"))]

    assert len(starts) >= 8  # so many there are: the pattern still finds them
    assert [name for name, options in starts if '"-P"' not in options] == []
