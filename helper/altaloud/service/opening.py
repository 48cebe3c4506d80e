"""The describer with all its parts, built in one place for the daemon and for the command line."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from altaloud.describing.describe import Describer
from altaloud.describing.languages import Languages
from altaloud.errors import RememberingError
from altaloud.memory.keys import load_key
from altaloud.memory.sealing import Seal, new_key
from altaloud.memory.store import Store
from altaloud.settings import Home, Settings
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.opening import Options
from altaloud.vision.engine import Engine
from altaloud.vision.pictures import PictureReader


@dataclass(frozen=True, slots=True)
class Opened:
    """A describer that is ready, and why its memory will not last, if it will not."""

    describer: Describer
    store: Store
    memory_error: RememberingError | None


def open_store(home: Home, settings: Settings) -> Store:
    """Return the store that lasts.

    Raises:
        RememberingError: There is no safe place for its key, or the file cannot be used.
    """
    return Store(home.store_file, Seal(load_key(home, settings.key_store)))


def _open_some_store(home: Home, settings: Settings) -> tuple[Store, RememberingError | None]:
    """Return the store; or one that ends with the program, and why: it must not cost the description."""
    try:
        return open_store(home, settings), None
    except RememberingError as error:
        return Store(None, Seal(new_key())), error


def options_of(settings: Settings) -> Options:
    """Return how BLIP is to be run."""
    return Options(
        precision=settings.precision,
        device=settings.device,
        resolution=settings.resolution,
        processor_share=settings.processor_share,
    )


@asynccontextmanager
async def open_describer(home: Home, settings: Settings) -> AsyncIterator[Opened]:
    """Build the describer; end its processes and close its store afterwards."""
    store, memory_error = _open_some_store(home, settings)
    describer = Describer(
        pictures=PictureReader(max_bytes=settings.max_bytes, max_pixels=settings.max_pixels),
        engine=Engine(
            models=home.models,
            idle_seconds=settings.idle_seconds,
            # Read anew: what the user changes holds from the engine's next start.
            options=lambda: options_of(Settings.read(home, os.environ)),
        ),
        checkpoints=Checkpoints(home.models),
        store=store,
        memory_error=memory_error,
        languages=Languages(),
        language=settings.language,
        max_waiting=settings.max_waiting,
    )
    try:
        yield Opened(describer, store, memory_error)
    finally:
        await describer.close()
        store.close()
