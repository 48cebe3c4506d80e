"""The graphs are made once, whole or not at all, and again for another OpenVINO."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from altaloud.errors import ModelDamagedError
from altaloud.vision.blip import conversion
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.pins import WEIGHTS, Pin
from altaloud.vision.blip.processor import Compiler
from checkpoints import install_random

_CAPTION = """
import sys
from pathlib import Path
from altaloud.vision.blip.openvino_blip import OpenVinoCaptioner
from altaloud.vision.blip.runtime import finish
from drawings import drawing

captioner = OpenVinoCaptioner(Path(sys.argv[1]), model="small@1")
print(finish(captioner.caption(finish(captioner.see([drawing(1)]))))[0].text)
print(sorted({name.partition(".")[0] for name in sys.modules} & {"torch", "transformers", "nncf"}))
"""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = install_random(tmp_path_factory.mktemp("models"))
    conversion.ensure(folder)
    return folder


def _made_at(model: Path) -> int:
    return (conversion.folder_of(model) / "made.json").stat().st_ino


def test_a_download_ends_with_the_graphs(installed: Checkpoints, models: Path, pickled: Pin) -> None:
    assert conversion.is_current(models / pickled.name)
    entry = next(entry for entry in installed.list() if entry.name == pickled.name)

    assert installed.remove(pickled.name) == entry.disk_bytes
    assert [path for path in models.iterdir() if path.is_dir()] == []


def test_captioning_with_them_imports_no_torch(model: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[3])}
    done = subprocess.run(
        [sys.executable, "-c", _CAPTION, str(model)],
        capture_output=True,
        text=True,
        env=environment,
        check=True,
    )

    text, modules = done.stdout.splitlines()
    assert text
    assert modules == "[]"


def test_compiled_graphs_that_cannot_be_kept_only_cost_time(model: Path, tmp_path: Path) -> None:
    in_the_way = tmp_path / "a file"
    in_the_way.write_text("a file where a folder should be")

    compiled = Compiler("fast", threads=1, cache=in_the_way / "compiled").compile(
        conversion.graph(model, "vision0")
    )

    assert [each.any_name for each in compiled.request.model_outputs] == ["tokens"]


def test_what_is_current_stays(model: Path) -> None:
    before = _made_at(model)

    conversion.ensure(model)

    assert _made_at(model) == before


@pytest.mark.parametrize("field", ["openvino", "weights", "format", "files"])
def test_what_another_version_made_is_made_anew(model: Path, field: str) -> None:
    record = conversion.folder_of(model) / "made.json"
    record.write_text(
        json.dumps({**json.loads(record.read_text()), field: {} if field == "files" else "another"})
    )
    assert not conversion.is_current(model)
    before = _made_at(model)

    def cancel(_done: int, _total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        conversion.ensure(model, cancel)
    assert _made_at(model) == before

    conversion.ensure(model)

    assert conversion.is_current(model)
    assert not list(model.parent.glob("*.partial"))


def test_being_killed_leaves_nothing_that_counts(tmp_path: Path) -> None:
    folder = install_random(tmp_path)
    script = f"""
from pathlib import Path
from altaloud.vision.blip import conversion
conversion.ensure(Path({str(folder)!r}), lambda done, _: print(done, flush=True))
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.send_signal(signal.SIGKILL)
    assert not conversion.is_current(folder)

    conversion.ensure(folder)

    assert conversion.is_current(folder)
    assert not list(tmp_path.glob("*.partial"))


def test_weights_that_lack_a_tensor_are_refused(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = install_random(tmp_path)
    tensors = load_file(folder / WEIGHTS)
    del tensors["text_decoder.bert.encoder.layer.1.crossattention.self.key.weight"]
    save_file(tensors, folder / WEIGHTS)

    with pytest.raises(ModelDamagedError, match="crossattention"):
        conversion.ensure(folder)

    assert not conversion.folder_of(folder).exists()
