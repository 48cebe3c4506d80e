"""`altaloud memory`: the descriptions that are kept."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from altaloud.cli.ground import Ground
from altaloud.errors import HelperRunningError, KeyringError, RememberingError, StoreDamagedError
from altaloud.memory import search as searching
from altaloud.memory import store as storing
from altaloud.memory.store import Remembered, Store
from altaloud.service import daemon
from altaloud.service.opening import open_store

app = typer.Typer(help="Search, export and forget the descriptions kept.", no_args_is_help=True)


@app.command()
def search(words: Annotated[list[str], typer.Argument(metavar="WORDS", help="All must be there.")]) -> None:
    """Print the descriptions that hold all the words, the newest first."""
    with _store(Ground.read()) as store:
        found = 0
        for remembered in searching.search(store, " ".join(words)):
            found += 1
            print(f"{remembered.made_at.astimezone():%Y-%m-%d %H:%M}  {_said(remembered)}")
    if not found:
        print("Nothing found.")


@app.command()
def export(file: Annotated[Path, typer.Argument(metavar="FILE", help="- writes standard output.")]) -> None:
    """Write every description kept as JSON, one a line. The file is readable by its owner alone."""
    with _store(Ground.read()) as store:
        if str(file) == "-":
            searching.export(store, sys.stdout)
            return
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            file.chmod(0o600)  # it may have been there before, open to others
            with os.fdopen(descriptor, "w", encoding="utf-8") as lines:
                count = searching.export(store, lines)
        except OSError as error:
            raise RememberingError(
                f"cannot write {file}: {error.strerror}", advice="Name a file in a folder of your own."
            ) from error
    print(f"{count} descriptions written to {file}.")


@app.command()
def forget(
    everything: Annotated[bool, typer.Option("--all", help="Forget everything, corrections too.")] = False,
    before: Annotated[
        datetime | None,
        typer.Option(metavar="DATE", formats=["%Y-%m-%d"], help="Forget what is older than this day."),
    ] = None,
) -> None:
    """Forget descriptions for good."""
    if everything == (before is not None):
        raise typer.BadParameter("name either --all or --before DATE")
    ground = Ground.read()
    try:
        with _store(ground) as store:
            count = store.forget(before.astimezone(UTC) if before else None)
    except (StoreDamagedError, KeyringError) as error:
        if not everything:
            raise
        if daemon.running(ground.home):  # it may have the file open, and would go on with it unseen
            raise HelperRunningError(
                f"{error}; it can be erased while the helper does not run",
                advice="Run `altaloud stop` and then the same command again.",
            ) from error
        # What cannot be opened can still be forgotten, and the key with it: nothing new could be kept by it.
        storing.erase(ground.home.store_file)
        ground.home.key_file.unlink(missing_ok=True)
        print("What was kept could not be opened. It is erased.")
        return
    print(f"{count} descriptions forgotten.")


@contextmanager
def _store(ground: Ground) -> Iterator[Store]:
    store = open_store(ground.home, ground.settings)
    try:
        yield store
    finally:
        store.close()


def _said(remembered: Remembered) -> str:
    seen = remembered.seen
    words = remembered.correction or seen.get("caption") or seen.get("text") or ""
    return f"{seen.get('kind')}: {' '.join(str(words).split())}"
