"""The describer with all its parts, built in one place for the daemon and for the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from altaloud.describing.describe import Describer
from altaloud.describing.languages import Languages
from altaloud.errors import KeyringError
from altaloud.memory.keys import load_key
from altaloud.memory.sealing import Seal, new_key
from altaloud.memory.store import Store
from altaloud.settings import Home, Settings
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.engine import Engine
from altaloud.vision.pictures import PictureReader


@dataclass(frozen=True, slots=True)
class Opened:
    """A describer that is ready, and why its memory will not last, if it will not."""

    describer: Describer
    store: Store
    memory_error: KeyringError | None


def open_store(home: Home, settings: Settings) -> tuple[Store, KeyringError | None]:
    """Return the store; without a safe place for its key, one that ends with the program, and why.

    Raises:
        RememberingError: The store's file is damaged, locked, or cannot be written.
    """
    try:
        return Store(home.store_file, Seal(load_key(home, settings.key_store))), None
    except KeyringError as error:
        return Store(None, Seal(new_key())), error


@asynccontextmanager
async def open_describer(home: Home, settings: Settings) -> AsyncIterator[Opened]:
    """Build the describer; end its processes and close its store afterwards."""
    store, memory_error = open_store(home, settings)
    describer = Describer(
        pictures=PictureReader(max_bytes=settings.max_bytes, max_pixels=settings.max_pixels),
        engine=Engine(models=home.models, idle_seconds=settings.idle_seconds),
        checkpoints=Checkpoints(home.models),
        store=store,
        languages=Languages(),
        language=settings.language,
        max_waiting=settings.max_waiting,
    )
    try:
        yield Opened(describer, store, memory_error)
    finally:
        await describer.close()
        store.close()
