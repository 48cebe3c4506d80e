"""A real store in a folder of the test's own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from altaloud.memory.sealing import Seal
from altaloud.memory.store import Store

KEY = bytes(range(32))


@pytest.fixture
def seal() -> Seal:
    return Seal(KEY)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "memory.sqlite3"


@pytest.fixture
def store(path: Path, seal: Seal) -> Iterator[Store]:
    store = Store(path, seal)
    yield store
    store.close()
