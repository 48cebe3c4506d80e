""" "fastest" is calibrated and judged on this computer, and where it is too far off, that is said."""

import json
import math
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from altaloud.errors import ModelDamagedError
from altaloud.vision.blip import calibration, conversion, golden, judging, samples
from altaloud.vision.blip.opening import ByOpenVino, Options, Precision, why_not_fastest
from altaloud.vision.blip.openvino_blip import OpenVinoCaptioner
from altaloud.vision.blip.pins import WEIGHTS
from altaloud.vision.blip.processor import sums_bytes_exactly
from altaloud.vision.blip.runtime import finish
from checkpoints import install_random
from drawings import drawing

_IS_X86 = platform.machine().lower() in ("x86_64", "amd64")
# As on a processor without VNNI: OpenVINO's kernels are held to what such ones have.
_OLDER = {"ONEDNN_MAX_CPU_ISA": "AVX512_CORE"}
_BYTES: tuple[Precision, ...] = ("fastest", "fast")
_LOAD = """
import json, sys
from pathlib import Path
from altaloud.vision.blip import judging
from altaloud.vision.blip.opening import ByOpenVino, Options, why_not_fastest

folder = Path(sys.argv[1])
before = why_not_fastest(folder, Options())
judging.ensure(folder)
way = ByOpenVino(Options(precision="fastest", processor_share=1))
print(json.dumps([before, way.captioner(folder, "small@1").precision, way.notes]))
"""


@pytest.fixture(scope="module")
def judged_once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    model = install_random(tmp_path_factory.mktemp("models"))
    judging.ensure(model)
    return model


@pytest.fixture
def model(tmp_path: Path) -> Path:
    return install_random(tmp_path)


@pytest.fixture
def judged(judged_once: Path, tmp_path: Path) -> Path:
    """A model of the test's own that was judged here."""
    shutil.copytree(judged_once.parent, tmp_path / "models")
    return tmp_path / "models" / judged_once.name


def load(model: Path, environment: Mapping[str, str]) -> Any:
    done = subprocess.run(
        [sys.executable, "-c", _LOAD, str(model)],
        env={**os.environ, **environment}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return json.loads(done.stdout)


def graphs(model: Path) -> dict[str, int]:
    return {path.name: path.stat().st_ino for path in calibration.folder_of(model).glob("*.bin")}


def test_no_picture_that_recorded_ranges_judges() -> None:
    recorded, judged = samples.recorded(), samples.judged()

    assert len({picture.pixels for picture in (*recorded, *judged)}) == len(recorded) + len(judged)
    assert (len(recorded), len(judged)) == (samples.RECORDED, samples.JUDGED)
    assert len(judged) >= 32
    assert samples.recorded() == recorded  # the same everywhere


@pytest.mark.parametrize("name", ["caption-base", "vqa-base", "itm-base"])
def test_each_model_is_judged_once(tmp_path: Path, name: str) -> None:
    model = install_random(tmp_path, name)
    steps: list[tuple[int, int]] = []
    assert judging.verdict(model) is None

    found = judging.ensure(model, lambda done, total: steps.append((done, total)))

    assert found == judging.verdict(model)
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]
    assert found.sums_are_exact == sums_bytes_exactly()
    assert found.is_offered == (max(found.feature_error, found.score_error) <= 0.05)
    assert found.is_offered or not found.sums_are_exact
    assert not found.is_offered or found.pictures >= 32
    written = (calibration.folder_of(model) / "verdict.json").stat().st_ino
    judging.ensure(model)
    assert (calibration.folder_of(model) / "verdict.json").stat().st_ino == written


@pytest.mark.skipif(not _IS_X86, reason="other processors have no such older kind")
def test_where_sums_are_cut_off_it_is_judged_again_not_offered_and_that_is_said(judged: Path) -> None:
    made = graphs(judged)

    before, precision, notes = load(judged, _OLDER)

    assert "not judged yet" in before or not sums_bytes_exactly()  # what holds here says nothing of there
    assert precision == "fast"
    (note,) = notes
    assert note.startswith('"fastest" is not offered for caption-base on this processor, which lacks')
    assert note.endswith(' percent off, 5 are allowed, and "fast" is used instead.')
    assert load(judged, _OLDER) == [note, "fast", [note]]
    assert graphs(judged) == made  # calibrated once


def test_it_looks_with_its_own_tower(judged: Path) -> None:
    captioner, fast = (
        OpenVinoCaptioner(judged, model="small@1", precision=precision) for precision in _BYTES
    )

    seen, other = (finish(each.see([drawing(1)]))[0].tokens for each in (captioner, fast))

    assert (seen != other).any()
    assert finish(captioner.caption(finish(captioner.see([drawing(1)]))))[0].text


def test_it_is_used_where_it_was_found_good_enough(judged: Path) -> None:
    captioner: Any = ByOpenVino(Options(precision="fastest")).captioner(judged, "small@1")

    assert captioner.precision == ("fastest" if judging.ensure(judged).is_offered else "fast")


def test_other_resolutions_were_not_judged_and_get_the_next_best(model: Path) -> None:
    way = ByOpenVino(Options(precision="fastest", resolution=224))

    assert way.captioner(model, "small@1").precision == "fast"
    assert way.notes == [
        '"fastest" is offered for images of 384 pixels alone, and the resolution is 224, so "fast" is used '
        "instead."
    ]
    assert not calibration.folder_of(model).exists()


def test_loading_judges_nothing_and_says_when_it_is_done(model: Path) -> None:
    way = ByOpenVino(Options(precision="fastest"))

    assert way.captioner(model, "small@1").precision == "fast"

    assert way.notes == [
        '"fastest" is not judged yet for caption-base on this computer: it is when the helper starts, and '
        '"fast" is used until BLIP is loaded again.'
    ]
    assert not calibration.folder_of(model).exists()
    if judging.ensure(model).is_offered:
        assert way.captioner(model, "small@1").precision == "fastest"


def test_judging_leaves_the_compiled_graphs_of_the_engine(model: Path) -> None:
    def compiled() -> dict[str, int]:
        found = (conversion.folder_of(model) / "compiled").rglob("*.blob")
        return {str(path.relative_to(model.parent)): path.stat().st_ino for path in found}

    captioner: Any = ByOpenVino(Options(processor_share=1)).captioner(model, "small@1")
    finish(captioner.caption(finish(captioner.see([drawing(1)]))))
    kept = compiled()

    judging.ensure(model)
    list(golden.compare(model, drawing(1), {"": ()}, answers=False, precisions=["fastest", "fast"]))

    assert kept
    assert compiled() == kept


def test_what_is_no_number_is_not_offered(model: Path) -> None:
    from safetensors.numpy import load_file, save_file

    tensors = load_file(model / WEIGHTS)
    tensors["text_decoder.cls.predictions.decoder.bias"][0] = math.nan
    save_file(tensors, model / WEIGHTS)

    found = judging.ensure(model)

    assert (found.is_offered, found.score_error, found.pictures) == (False, 1, 1)
    assert "it is 100.0 percent off" in found.reason


@pytest.mark.parametrize("errors", [(math.nan, 0.0), (0.0, math.nan), (0.0, math.inf)])
def test_the_gate_lets_no_error_through_that_is_no_number(errors: tuple[float, float]) -> None:
    assert not judging.Verdict("caption-base", *errors, pictures=32, sums_are_exact=True).is_offered


# The later one is when half of the judging is done: what is far off is not judged to its end.
@pytest.mark.parametrize("at_step", [1, -samples.JUDGED])
def test_cancelling_leaves_what_was_and_the_next_goes_on(model: Path, at_step: int) -> None:
    def cancel(done: int, total: int) -> None:
        if done == (at_step if at_step > 0 else total + at_step):
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judging.ensure(model, cancel)
    assert judging.verdict(model) is None
    assert conversion.is_current(model)

    assert judging.ensure(model) == judging.verdict(model)
    assert not list(model.parent.glob("*.partial"))


def test_what_another_version_calibrated_is_made_anew(judged: Path) -> None:
    record = calibration.folder_of(judged) / "made.json"
    found, made = json.loads(record.read_text()), graphs(judged)
    for field in ("openvino", "weights", "format"):
        record.write_text(json.dumps({**found, field: "another"}))
        assert judging.verdict(judged) is None
    record.write_text(json.dumps({**found, "openvino": "another"}))

    judging.ensure(judged)

    assert json.loads(record.read_text()) == found
    assert graphs(judged).keys() == made.keys()
    assert graphs(judged) != made


_WHOLE = {"model": "x", "feature_error": 0.0, "score_error": 0.0, "pictures": 32, "sums_are_exact": True}


@pytest.mark.parametrize(
    "found",
    ["", "{}", '{"format": 1, "verdict": {"model": "x"}}', "[]", json.dumps({"verdict": _WHOLE})],
)
def test_a_verdict_that_cannot_be_read_is_none(judged: Path, found: str) -> None:
    assert judging.verdict(judged) is not None
    (calibration.folder_of(judged) / "verdict.json").write_text(found)

    assert judging.verdict(judged) is None
    assert "not judged yet" in str(why_not_fastest(judged, Options()))


def test_weights_that_lack_a_tensor_are_refused(model: Path) -> None:
    from safetensors.numpy import load_file, save_file

    conversion.ensure(model)
    tensors = load_file(model / WEIGHTS)
    del tensors["vision_model.encoder.layers.1.mlp.fc1.weight"]
    save_file(tensors, model / WEIGHTS)

    with pytest.raises(ModelDamagedError, match="fc1"):
        judging.ensure(model)

    assert not calibration.folder_of(model).exists()
