"""`altaloud models verify` also compares what a model says, where the test image is there."""

from pathlib import Path
from typing import Any

import pytest

from altaloud.cli.ground import Ground
from altaloud.cli.models import _says_what_is_published
from altaloud.vision.blip import calibration, conversion, judging
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.golden import IMAGE
from altaloud.vision.blip.openvino_blip import OpenVinoCaptioner
from altaloud.vision.blip.runtime import finish
from checkpoints import install_random
from commandline import Altaloud
from drawings import drawing


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ground:
    monkeypatch.setenv("ALTALOUD_HOME", str(tmp_path))
    return Ground.read()


def test_it_says_where_the_image_is_looked_for(ground: Ground, capsys: pytest.CaptureFixture[str]) -> None:
    assert _says_what_is_published(ground, Checkpoints(ground.home.models), "caption-base")
    assert str(ground.home.models / IMAGE) in capsys.readouterr().out
    assert _says_what_is_published(ground, Checkpoints(ground.home.models), "itm-base")
    assert capsys.readouterr().out == ""


def test_other_words_in_full_precision_are_a_failure(
    ground: Ground, capsys: pytest.CaptureFixture[str]
) -> None:
    from PIL import Image

    model = install_random(ground.home.models)
    shown = drawing(1)
    Image.frombytes("RGB", (shown.columns, shown.rows), shown.pixels).save(ground.home.models / IMAGE)

    assert not _says_what_is_published(ground, Checkpoints(ground.home.models), "caption-base")

    lines = capsys.readouterr().out.splitlines()
    said = [line.partition(": ")[0] for line in lines if "other words than published" in line]
    judged = judging.verdict(model)
    assert judged is not None
    if judged.is_offered:
        precisions = ["fastest", "fast", "accurate", "reference"]
        assert len(lines) == len(said)
    else:
        precisions = ["fast", "accurate", "reference"]
        assert judged.reason in lines
    assert said == [
        f"caption-base, {precision}{given}"
        for precision in precisions
        for given in ("", ", after “a picture of”")
    ]


def test_the_doctor_says_how_it_stands_with_the_fastest(altaloud: Altaloud, tmp_path: Path) -> None:
    model = install_random(tmp_path / "home" / "models")

    def found(**environment: str) -> Any:
        told = altaloud("doctor", "--json", ALTALOUD_PRECISION="fastest", **environment).json
        return next(check for check in told["checks"] if check["name"] == "precision of caption-base")

    assert found()["ok"]
    assert "is judged when the helper starts next" in found()["message"]
    judged = judging.ensure(model)
    assert found()["ok"] == judged.is_offered
    assert found()["message"] == (
        '"fastest" is good enough here and used.' if judged.is_offered else judged.reason
    )
    assert not found(ALTALOUD_RESOLUTION="224")["ok"]
    on_a_gpu = altaloud("doctor", "--json", ALTALOUD_PRECISION="fastest", ALTALOUD_DEVICE="cuda").json
    assert "precision of caption-base" not in [check["name"] for check in on_a_gpu["checks"]]
    assert altaloud("doctor", "--json").json["checks"] == [
        check for check in altaloud("doctor", "--json").json["checks"] if "precision" not in check["name"]
    ]


@pytest.mark.parametrize("ending", [".bin", ".xml"])
def test_a_damaged_graph_is_told_and_made_anew(altaloud: Altaloud, tmp_path: Path, ending: str) -> None:
    # The large one's digests are not pinned but taken from the hub, so random weights pass for it.
    model = install_random(tmp_path / "home" / "models", "caption-large")
    conversion.ensure(model)
    graph = conversion.graph(model, "step").with_suffix(ending)
    written = graph.read_bytes()
    graph.write_bytes(bytes([written[0] ^ 1]) + written[1:])

    told = altaloud("models", "verify", "caption-large")

    assert told.code == 1
    assert told.err.splitlines()[-1] == (
        f"altaloud: caption-large: damaged since they were made from it: step{ending}. They are made anew "
        "when the helper is stopped and started, or now by `altaloud models download caption-large`, which "
        "fetches nothing again."
    )
    assert altaloud("models", "download", "caption-large").code == 0
    assert graph.read_bytes() == written
    assert altaloud("models", "verify", "caption-large").code == 0


def test_what_was_compiled_is_compiled_anew(altaloud: Altaloud, tmp_path: Path) -> None:
    """A damaged one says wrong words, and nothing tells that it is damaged."""
    model = install_random(tmp_path / "home" / "models", "caption-large")
    captioner = OpenVinoCaptioner(model, model="small@1", precision="fast", max_threads=1)
    finish(captioner.see([drawing(0)]))
    compiled = list(conversion.folder_of(model).rglob("*.blob"))
    assert compiled

    assert altaloud("models", "verify", "caption-large").code == 0
    assert not any(blob.exists() for blob in compiled)


def test_a_graph_that_is_gone_and_ranges_that_are_damaged_are_told(
    altaloud: Altaloud, tmp_path: Path
) -> None:
    model = install_random(tmp_path / "home" / "models", "caption-large")
    conversion.ensure(model)
    calibration.ensure(model)
    conversion.graph(model, "keys").unlink()
    calibration.graph(model, "vision1").write_bytes(b"")

    told = altaloud("models", "verify", "caption-large")

    assert "made from it: keys.xml, vision1.xml." in told.err
    assert not conversion.is_current(model)
    assert not calibration.is_current(model)
