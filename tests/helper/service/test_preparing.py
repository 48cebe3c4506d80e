"""What an update left outdated is made anew when the helper starts."""

import asyncio
import json
from pathlib import Path
from typing import Any

import psutil
import pytest

from altaloud.service.preparing import Preparing
from altaloud.vision.blip import calibration, conversion, judging
from altaloud.vision.blip.opening import Options
from altaloud.vision.blip.pins import WEIGHTS
from checkpoints import install_random


@pytest.fixture
def model(tmp_path: Path) -> Path:
    model = install_random(tmp_path)
    conversion.ensure(model)
    return model


def outdate(model: Path) -> None:
    record = conversion.folder_of(model) / "made.json"
    record.write_text(json.dumps({**json.loads(record.read_text()), "openvino": "another"}))


def children() -> list[psutil.Process]:
    found = psutil.Process().children(recursive=True)
    return [child for child in found if "altaloud.service.preparing" in child.cmdline()]


async def watched(preparing: Preparing) -> list[Any]:
    """Run it; return what the status showed meanwhile."""
    work, seen = asyncio.create_task(preparing.run()), []
    while not work.done():
        seen.append(preparing.status()["now"])
        await asyncio.sleep(0.02)
    await work
    return [step for step in seen if step]


def test_graphs_of_another_version_are_made_anew_and_the_status_says_how_far_it_is(model: Path) -> None:
    outdate(model)
    preparing = Preparing(model.parent, "fast")

    seen = asyncio.run(watched(preparing))

    assert conversion.is_current(model)
    assert not calibration.folder_of(model).exists()  # nobody asked for that
    assert {step["model"] for step in seen} == {"caption-base"}
    assert all(0 <= step["percent"] <= 100 for step in seen)
    assert preparing.status() == {"now": None, "problem": None}


def test_where_the_fastest_is_wanted_it_is_judged(model: Path) -> None:
    asyncio.run(Preparing(model.parent, "fastest").run())

    assert judging.verdict(model) is not None


def test_what_is_current_needs_no_process(model: Path, tmp_path: Path) -> None:
    async def scenario() -> None:
        work = asyncio.create_task(Preparing(model.parent, "fast").run())
        await asyncio.sleep(0)
        assert work.done()
        await Preparing(tmp_path / "no models", "fastest").run()

    asyncio.run(scenario())


def test_a_model_that_cannot_be_made_ready_is_told(model: Path) -> None:
    outdate(model)
    (model / WEIGHTS).write_bytes(b"nonsense")
    preparing = Preparing(model.parent, "fast")

    asyncio.run(preparing.run())

    assert "caption-base" in str(preparing.status()["problem"])


def test_a_process_that_ends_by_itself_is_told(model: Path) -> None:
    outdate(model)
    preparing = Preparing(model.parent, "fast")

    async def scenario() -> None:
        work = asyncio.create_task(preparing.run())
        while preparing.status()["now"] is None and not work.done():
            await asyncio.sleep(0.01)
        for child in children():
            child.kill()
        await work

    asyncio.run(scenario())

    problem = str(preparing.status()["problem"])
    assert problem.startswith("preparing caption-base ended with code ")
    assert problem.endswith("or by `altaloud models download caption-base`.")
    assert preparing.status()["now"] is None


@pytest.mark.parametrize(
    ("options", "prepared"),
    [
        (Options(precision="fastest"), "fastest"),
        (Options(precision="fastest", device="cpu"), "fastest"),
        (Options(precision="fastest", device="cuda"), "fast"),
        (Options(precision="fastest", resolution=224), "fast"),
        (Options(precision="accurate"), "fast"),
    ],
)
def test_where_the_fastest_is_never_used_it_is_not_prepared(options: Options, prepared: str) -> None:
    assert options.prepared == prepared


def test_ending_the_helper_ends_it_and_leaves_what_was(model: Path) -> None:
    outdate(model)

    async def scenario() -> None:
        preparing = Preparing(model.parent, "fast")
        work = asyncio.create_task(preparing.run())
        while preparing.status()["now"] is None and not work.done():
            await asyncio.sleep(0.01)
        work.cancel()
        with pytest.raises(asyncio.CancelledError):
            await work

    asyncio.run(scenario())

    assert not children()
    assert conversion.graph(model, "step").exists()
    asyncio.run(Preparing(model.parent, "fast").run())
    assert conversion.is_current(model)
