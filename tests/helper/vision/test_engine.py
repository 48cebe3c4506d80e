"""The models live in a process that comes when it is needed and goes when it is not."""

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from altaloud.errors import ChildCrashedError, ImageNeededError, ModelDamagedError, ModelMissingError
from altaloud.vision.album import shrunk
from altaloud.vision.blip.conversion import ensure
from altaloud.vision.blip.opening import Options, Precision, way
from altaloud.vision.blip.pins import ANSWERER, CAPTIONER, MATCHER, WEIGHTS
from altaloud.vision.blip.runtime import finish
from altaloud.vision.engine import Engine
from altaloud.vision.first_look import FirstLook
from altaloud.vision.kinds import Kind
from altaloud.vision.pictures import Picture
from altaloud.vision.urgency import Urgency
from checkpoints import install_random

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small random captioner."""
    folder = tmp_path_factory.mktemp("models")
    ensure(install_random(folder))  # as at the end of a download
    return folder


@asynccontextmanager
async def running(models: Path, idle_seconds: float = 60) -> AsyncIterator[Engine]:
    engine = Engine(models=models, idle_seconds=idle_seconds)
    try:
        yield engine
    finally:
        await engine.close()


def picture_of(image: Image.Image) -> Picture:
    return Picture(
        width=image.width,
        height=image.height,
        fingerprint=bytes(range(32)),
        columns=image.width,
        rows=image.height,
        pixels=image.convert("RGB").tobytes(),
        transparent=0.0,
        format="PNG",
    )


def noise(seed: int = 0) -> Picture:
    return picture_of(Image.fromarray(np.random.default_rng(seed).integers(0, 256, (90, 120, 3), np.uint8)))


def sign(text: str) -> Picture:
    image = Image.new("RGB", (480, 200), "white")
    ImageDraw.Draw(image).text((60, 80), text, "black", ImageFont.load_default(30))
    return picture_of(image)


def loaded_libraries(engine: Engine) -> str:
    return Path(f"/proc/{engine.pid}/maps").read_text()


def is_blip_loaded(engine: Engine) -> bool:
    return WEIGHTS in loaded_libraries(engine)  # they are mapped


async def until_unloaded(engine: Engine) -> None:
    async with asyncio.timeout(20):
        while engine.is_loaded:
            await asyncio.sleep(0.02)


def test_nothing_runs_until_it_is_asked(models: Path) -> None:
    async def scenario() -> None:
        async with running(models) as engine:
            assert engine.state() == {"loaded": False, "pid": None, "device": None}

            await engine.kind(noise())

            assert engine.state() == {"loaded": True, "pid": engine.pid, "device": None}
        assert not engine.is_loaded

    asyncio.run(scenario())


def magnifier() -> Picture:
    image = Image.new("RGB", (96, 96), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse([12, 12, 64, 64], outline="black", width=8)
    draw.line([(58, 58), (84, 84)], fill="black", width=9)
    return picture_of(image)


@pytest.mark.parametrize("picture", [noise(), sign("Lost dog"), magnifier()], ids=["noise", "text", "icon"])
def test_it_tells_the_kind_and_the_icon(models: Path, picture: Picture) -> None:
    async def scenario() -> None:
        async with running(models) as engine:
            guess = await engine.kind(picture)

            assert guess == FirstLook().look(picture)
            assert (guess.kind is Kind.icon) == (guess.icon == "search")

    asyncio.run(scenario())


def test_it_reads_text(models: Path) -> None:
    async def scenario() -> None:
        async with running(models) as engine:
            reading = await engine.read(sign("Lost dog"))

            assert reading.text.casefold().replace(" ", "") == "lostdog"
            assert 0.5 < reading.confidence <= 1
            assert 0 < reading.coverage < 1

    asyncio.run(scenario())


def test_its_caption_is_the_models_own(models: Path) -> None:
    expected = way("cpu", Options()).captioner(models / CAPTIONER, "caption-base@82a3776")

    async def scenario() -> None:
        async with running(models) as engine:
            for prompt in ("", "a picture of"):
                said = await engine.caption(noise(1), prompt=prompt)

                small = shrunk(noise(1), 96)
                (same,) = finish(expected.caption(finish(expected.see([small])), prompt=prompt))
                assert said.match is None
                assert said.caption == replace(same, mean_log_probability=said.caption.mean_log_probability)
                assert said.caption.mean_log_probability == pytest.approx(same.mean_log_probability, abs=1e-4)
            assert engine.state()["device"] == "cpu"

    asyncio.run(scenario())


@linux_only
def test_blip_is_loaded_for_a_caption_only_and_torch_never(models: Path) -> None:
    async def scenario() -> None:
        async with running(models) as engine:
            await engine.kind(noise())
            assert not is_blip_loaded(engine)

            await engine.caption(noise())
            assert is_blip_loaded(engine)
            assert "libtorch" not in loaded_libraries(engine)

    asyncio.run(scenario())


@pytest.fixture(scope="module")
def all_models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small random checkpoint of each sort."""
    folder = tmp_path_factory.mktemp("all-models")
    for name in (CAPTIONER, ANSWERER, MATCHER):
        ensure(install_random(folder, name))
    return folder


def test_a_question_is_answered_about_a_picture_that_is_at_hand(all_models: Path) -> None:
    async def scenario() -> None:
        async with running(all_models) as engine:
            first = await engine.answer("is it open?", noise(1), keep="door")
            again = await engine.answer("is it open?", None, keep="door")
            other = await engine.answer("what is it?", None, keep="door")
            unkept = await engine.answer("is it open?", noise(1))

            assert first == again == unkept
            assert first.model == "vqa-base@787b3d3"
            assert 0 <= first.probability <= 1
            assert other.token_ids
            with pytest.raises(ImageNeededError):
                await engine.answer("is it open?", None, keep="window")

    asyncio.run(scenario())


def test_a_question_can_follow_a_look_at_the_kind(all_models: Path) -> None:
    async def scenario() -> None:
        async with running(all_models) as engine:
            await engine.kind(noise(1), keep="door")
            asked = await engine.answer("is it open?", None, keep="door")

            assert asked == await engine.answer("is it open?", noise(1))

    asyncio.run(scenario())


def test_with_the_matcher_a_caption_is_judged_and_the_best_of_several_chosen(
    all_models: Path,
) -> None:
    async def scenario() -> None:
        async with running(all_models) as engine:
            greedy = await engine.caption(noise(1))
            best = await engine.caption(noise(1), best_of_several=True)

            assert greedy.match is not None
            assert best.match is not None
            assert best.match.probability >= greedy.match.probability
            assert greedy.match.model == "itm-base@bed8ad3"

    asyncio.run(scenario())


def test_without_the_matcher_the_best_of_several_is_the_first(models: Path) -> None:
    async def scenario() -> None:
        async with running(models) as engine:
            assert await engine.caption(noise(1), best_of_several=True) == await engine.caption(noise(1))

    asyncio.run(scenario())


def test_without_the_model_that_answers_that_is_told(models: Path) -> None:
    async def scenario() -> None:
        async with running(models) as engine:
            with pytest.raises(ModelMissingError, match="vqa-base"):
                await engine.answer("is it open?", noise(1))

    asyncio.run(scenario())


def test_a_focused_picture_overtakes_a_page_of_others(models: Path) -> None:
    async def scenario() -> tuple[int, int]:
        async with running(models) as engine:
            await engine.caption(noise())
            page = [asyncio.ensure_future(engine.caption(noise(n), Urgency(2))) for n in range(30)]
            await asyncio.wait(page, return_when=asyncio.FIRST_COMPLETED)
            await engine.caption(noise(99), Urgency(0))
            done = sum(task.done() for task in page)
            await asyncio.gather(*page)
            return done, len(page)

    done, total = asyncio.run(scenario())
    assert done < total // 2


def test_a_focused_picture_waits_for_a_piece_of_a_page_that_is_read(models: Path) -> None:
    page = Image.new("RGB", (700, 1200), "white")
    for row in range(20, 1180, 20):
        ImageDraw.Draw(page).text((20, row), f"{row} words of a page", "black", ImageFont.load_default(14))

    async def scenario() -> None:
        async with running(models) as engine:
            await engine.read(sign("Lost dog"))  # loads
            read = asyncio.ensure_future(engine.read(picture_of(page), Urgency(2)))
            for number in range(3):  # the first may come before the page is begun
                await engine.kind(noise(number), Urgency(0))
                assert not read.done()
            assert len((await read).lines) > 50

    asyncio.run(scenario())


@linux_only
def test_other_programs_go_first(models: Path) -> None:
    async def scenario() -> None:
        async with running(models) as engine:
            await engine.kind(noise())
            assert engine.pid is not None
            assert os.getpriority(os.PRIO_PROCESS, engine.pid) > os.getpriority(os.PRIO_PROCESS, 0)

    asyncio.run(scenario())


@linux_only
def test_blip_goes_when_it_has_been_idle_even_if_kinds_are_asked_all_the_time(models: Path) -> None:
    async def scenario() -> None:
        async with running(models, idle_seconds=4) as engine:
            await engine.caption(noise())
            blip = engine.pid
            async with asyncio.timeout(60):
                while engine.pid == blip:
                    await engine.kind(noise())
                    await asyncio.sleep(2.5)  # more than the quiet after which an idle BLIP may go
            await engine.kind(noise())
            assert not is_blip_loaded(engine)

    asyncio.run(scenario())


@linux_only
def test_a_missing_model_is_told_before_anything_is_loaded(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with running(tmp_path) as engine:
            with pytest.raises(ModelMissingError, match="caption-base is not on this computer") as caught:
                await engine.caption(noise())
            assert "models download caption-base" in caught.value.advice
            assert "libtorch" not in loaded_libraries(engine)
            pid = engine.pid

            install_random(tmp_path)

            # One that comes later is used without a restart.
            assert (await engine.caption(noise())).caption.token_ids
            assert engine.pid == pid

    asyncio.run(scenario())


def test_a_damaged_model_is_told(tmp_path: Path) -> None:
    weights = install_random(tmp_path) / WEIGHTS
    weights.write_bytes(weights.read_bytes()[:1000])

    async def scenario() -> None:
        async with running(tmp_path) as engine:
            with pytest.raises(ModelDamagedError, match="caption-base"):
                await engine.caption(noise())

    asyncio.run(scenario())


def test_it_gives_its_memory_back_when_idle_and_returns_when_asked(models: Path) -> None:
    async def scenario() -> None:
        async with running(models, idle_seconds=0.3) as engine:
            first = await engine.kind(noise())
            before = engine.pid
            await until_unloaded(engine)

            again = await engine.kind(noise())

            assert again == first
            assert engine.pid not in (None, before)

    asyncio.run(scenario())


def test_a_crash_costs_one_question(models: Path) -> None:
    async def scenario() -> None:
        async with running(models) as engine:
            await engine.kind(noise())
            pid = engine.pid
            assert pid is not None
            os.kill(pid, signal.SIGSTOP)  # so that it surely dies at the question
            caption = asyncio.ensure_future(engine.caption(noise()))
            await asyncio.sleep(0.1)
            assert not caption.done()

            os.kill(pid, signal.SIGKILL)

            with pytest.raises(ChildCrashedError, match="engine"):
                await caption
            assert (await engine.caption(noise())).caption.token_ids
            assert engine.pid not in (None, pid)

    asyncio.run(scenario())


def test_changed_options_hold_from_the_next_start(models: Path) -> None:
    precisions: list[Precision] = ["reference"]

    async def scenario() -> list[object]:
        engine = Engine(models=models, idle_seconds=60, options=lambda: Options(precision=precisions[-1]))
        try:
            await engine.caption(noise())
            seen = [engine.state()["precision"]]
            precisions.append("fast")
            await engine.caption(noise(1))
            seen.append(engine.state()["precision"])
            await engine.close()
            await engine.caption(noise())
            return [*seen, engine.state()["precision"]]
        finally:
            await engine.close()

    assert asyncio.run(scenario()) == ["reference", "reference", "fast"]


def test_the_process_imports_nothing_above_vision() -> None:
    script = "import altaloud.vision.engine_process, json, sys; print(json.dumps(sorted(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True, text=True)

    modules = json.loads(ran.stdout)

    ours = {name for name in modules if name.startswith("altaloud.")}
    assert {name for name in ours if not name.startswith("altaloud.vision")} <= {
        "altaloud.errors",
        "altaloud.plain_text",
    }
    heavy = {"torch", "transformers", "numpy", "PIL", "rapidocr", "openvino", "httpx"}
    slow = {
        "asyncio",
        "subprocess",
        "ssl",
        "importlib.metadata",
        "importlib.resources",
        "hashlib",
        "argparse",
    }
    assert (heavy | slow).isdisjoint(modules)  # the first icon waits for whatever is imported
