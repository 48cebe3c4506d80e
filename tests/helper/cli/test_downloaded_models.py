"""Models that came from a hub over HTTP are converted, whole, and used by the commands."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from altaloud.vision.album import Small
from altaloud.vision.blip import calibration, conversion, judging
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.openvino_blip import OpenVinoMatcher
from altaloud.vision.blip.pins import ANSWERER, CAPTIONER, MATCHER, load_pins
from altaloud.vision.blip.runtime import finish
from checkpoints import publish_random
from commandline import Altaloud
from hub import Hub

PHOTOGRAPH = str(Path(__file__).parents[3] / "installer" / "examples" / "photograph.webp")


@pytest.fixture(scope="module")
def downloaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of models, each fetched as `altaloud models download` fetches it."""
    folder = tmp_path_factory.mktemp("downloaded")
    pins = {name: publish_random(folder / name, name) for name in (CAPTIONER, ANSWERER, MATCHER)}
    with Hub({(pin.repository, pin.revision): folder / pin.name for pin in pins.values()}) as hub:
        checkpoints = Checkpoints(folder / "models", pins=pins, endpoint=hub.endpoint)
        for name in pins:
            checkpoints.download(name)
            checkpoints.verify(name)
            assert conversion.is_current(checkpoints.installed_folder(name))
    return folder / "models"


@pytest.fixture
def with_models(altaloud: Altaloud, downloaded: Path, tmp_path: Path) -> Altaloud:
    shutil.copytree(downloaded, tmp_path / "home" / "models")
    return altaloud


def test_they_are_listed_as_installed(with_models: Altaloud) -> None:
    models = {model["name"]: model for model in with_models("models", "list", "--json").json["models"]}

    assert {name for name, model in models.items() if model["installed"]} == {CAPTIONER, ANSWERER, MATCHER}


def test_only_where_the_fastest_is_wanted_it_is_judged(downloaded: Path, tmp_path: Path) -> None:
    checkpoints = Checkpoints(Path(shutil.copytree(downloaded, tmp_path / "models")))
    model = checkpoints.installed_folder(MATCHER)
    assert not calibration.folder_of(model).exists()

    checkpoints.download(MATCHER, precision="fastest")

    assert judging.verdict(model) is not None


def test_downloading_what_is_there_makes_it_ready(with_models: Altaloud, tmp_path: Path) -> None:
    model = tmp_path / "home" / "models" / CAPTIONER
    shutil.rmtree(conversion.folder_of(model))

    done = with_models("models", "download", CAPTIONER)

    assert done.code == 0
    assert f"{CAPTIONER} is installed already." in done.out
    assert conversion.is_current(model)


def test_the_one_for_questions_answers(with_models: Altaloud) -> None:
    said = with_models("ask", PHOTOGRAPH, "is it open?", "--json")

    assert (said.code, said.err) == (0, "")
    assert said.json["answer"]
    assert said.json["confidence"] > 0
    assert said.json["model"] == load_pins()[ANSWERER].model


def test_the_one_that_judges_joins_in_the_captions_confidence(
    with_models: Altaloud, downloaded: Path, tmp_path: Path
) -> None:
    def seen() -> dict[str, Any]:
        assert with_models("describe", PHOTOGRAPH).code == 0
        exported = tmp_path / "all.jsonl"
        assert with_models("memory", "export", str(exported)).code == 0
        assert with_models("memory", "forget", "--all").code == 0
        exported_seen: dict[str, Any] = json.loads(exported.read_text("utf-8"))["seen"]
        exported.unlink()
        return exported_seen

    judged = seen()
    assert with_models("models", "remove", MATCHER).code == 0
    alone = seen()

    image = Image.open(PHOTOGRAPH).convert("RGB")
    picture = Small(image.width, image.height, image.tobytes())
    matcher = OpenVinoMatcher(downloaded / MATCHER, model="itm@1", max_threads=1)
    match = finish(matcher.match(finish(matcher.see([picture]))[0], alone["caption"]))
    assert judged["caption"] == alone["caption"]
    assert 0 < judged["caption_confidence"] < alone["caption_confidence"] < 1
    assert judged["caption_confidence"] == pytest.approx(
        alone["caption_confidence"] * match.probability, rel=0.02
    )
