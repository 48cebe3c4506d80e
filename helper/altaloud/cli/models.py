"""`altaloud models`: the weights on this computer."""

import asyncio
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import (
    BarColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)

from altaloud.cli.ground import Ground, complain
from altaloud.errors import ModelDamagedError
from altaloud.service.opening import options_of
from altaloud.vision.blip import judging
from altaloud.vision.blip.checkpoint import Checkpoints, Report
from altaloud.vision.blip.checkpoint import Progress as Moment
from altaloud.vision.blip.opening import Options, Precision, why_not_fastest
from altaloud.vision.pictures import Picture, PictureReader

app = typer.Typer(help="The models: list, download, verify, remove.", no_args_is_help=True)

_Name = Annotated[str, typer.Argument(metavar="NAME", help="As `models list` shows it.")]


@app.command(name="list")
def list_(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False) -> None:
    """List the models, their sizes, and which are here."""
    entries = _checkpoints().list()
    if as_json:
        fields = [
            {
                "name": entry.name,
                "repository": entry.repository,
                "revision": entry.revision,
                "licence": entry.licence,
                "download_bytes": entry.download_bytes,
                "disk_bytes": entry.disk_bytes,
                "installed": entry.is_installed,
                "state": entry.state,
            }
            for entry in entries
        ]
        print(json.dumps({"models": fields}))
        return
    for entry in entries:
        here = {
            "installed": f"installed, {_megabytes(entry.disk_bytes)} on the disk",
            "partial": f"partly downloaded, {_megabytes(entry.disk_bytes)} on the disk",
            "absent": "not installed",
        }[entry.state]
        print(f"{entry.name}: {here}; download {_megabytes(entry.download_bytes)}, licence {entry.licence}")


@app.command()
def download(name: _Name) -> None:
    """Download a model and make it ready. Its size is told first; what was cut goes on where it stopped."""
    ground = Ground.read()
    checkpoints = Checkpoints(ground.home.models)
    size = checkpoints.size(name)
    if checkpoints.is_installed(name):
        print(f"{name} is installed already.", flush=True)
    else:
        print(f"{name}: downloading {_megabytes(size)}.", flush=True)
    options = options_of(ground.settings)
    with _shown() as report:
        checkpoints.download(name, report, precision=options.prepared)
    print(f"{name} is ready.")
    if not checkpoints.is_blip(name) or not options.wants_fastest:
        return
    if why_not := why_not_fastest(checkpoints.installed_folder(name), options):
        print(why_not)


@app.command()
def verify(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Without it: every one installed.")
    ] = None,
) -> None:
    """Check every byte of a model against what was published, and with the test image also what it says."""
    ground = Ground.read()
    checkpoints = Checkpoints(ground.home.models)
    names = [name] if name else [entry.name for entry in checkpoints.list() if entry.is_installed]
    if not names:
        print("No model is installed.")
    failed = False
    for each in names:
        try:
            with _shown() as report:
                checkpoints.verify(each, report)
            print(f"{each} is as published.")
            failed |= not _says_what_is_published(ground, checkpoints, each)
        except ModelDamagedError as error:
            failed = True
            complain(error)
    if failed:
        raise typer.Exit(1)


def _says_what_is_published(ground: Ground, checkpoints: Checkpoints, name: str) -> bool:
    """Compare what a model says about transformers' test image, where that is known and the image here."""
    from altaloud.vision.blip import golden

    if name not in golden.PUBLISHED:
        return True
    image = ground.home.models / golden.IMAGE
    if not image.exists():
        print(f"To compare what {name} says, too, put {golden.IMAGE} of {golden.SOURCE} at {image}.")
        return True
    picture = asyncio.run(_decoded(ground, image))
    folder = checkpoints.installed_folder(name)
    precisions: list[Precision] = ["fast", "accurate", "reference"]
    judging.ensure(folder)
    if why_not := why_not_fastest(folder, Options()):
        print(why_not)
    else:
        precisions.insert(0, "fastest")
    is_right = True
    for each in golden.compare(
        folder, picture, golden.PUBLISHED[name], answers=name == "vqa-base", precisions=precisions
    ):
        verdict = "the published words" if each.is_as_published else "other words than published"
        given = f", after “{each.given}”" if each.given else ""
        print(f"{name}, {each.precision}{given}: {verdict}: {each.said}")
        is_right &= each.is_as_published or each.precision != "reference"
    return is_right


async def _decoded(ground: Ground, image: Path) -> Picture:
    settings = ground.settings
    decoder = PictureReader(max_bytes=settings.max_bytes, max_pixels=settings.max_pixels)
    try:
        return await decoder.read(image.read_bytes())
    finally:
        await decoder.close()


@app.command()
def remove(name: _Name) -> None:
    """Delete a model and what was downloaded of it."""
    freed = _checkpoints().remove(name)
    print(f"{name} is removed; {_megabytes(freed)} are free again." if freed else f"{name} was not here.")


def _checkpoints() -> Checkpoints:
    return Checkpoints(Ground.read().home.models)


def _megabytes(size: int) -> str:
    return f"{size / 1_000_000:,.0f} MB"


@contextmanager
def _shown() -> Iterator[Report]:
    """Show progress: a bar on a terminal, else a line each tenth of the way, for logs and screen readers."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines()
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.percentage:>3.0f} %"),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        tasks: dict[tuple[str, str], TaskID] = {}

        def report(moment: Moment) -> None:
            key = (moment.phase, "" if moment.phase == "downloading" else moment.file)
            if key not in tasks:
                tasks[key] = bar.add_task(f"{moment.phase} {key[1]}".strip(), total=moment.total_bytes)
            bar.update(tasks[key], completed=moment.done_bytes)

        yield report


def _lines() -> Report:
    last = ("", -1)

    def report(moment: Moment) -> None:
        nonlocal last
        tenth = 10 * moment.done_bytes // moment.total_bytes if moment.total_bytes else 10
        now = (f"{moment.phase} {'' if moment.phase == 'downloading' else moment.file}".strip(), tenth)
        if now == last:
            return
        last = now
        rate = f", {moment.bytes_per_second / 1e6:.1f} MB/s" if moment.bytes_per_second else ""
        left = f", {moment.seconds_left:.0f} s left" if moment.seconds_left else ""
        print(f"{now[0]}: {10 * tenth} %{rate}{left}", file=sys.stderr, flush=True)

    return report
