"""A pickle is opened once, for its tensors only; anything else in it is refused and never runs."""

import os
import pickle
from pathlib import Path

import pytest

from altaloud.errors import ModelDamagedError, ModelError
from altaloud.vision.blip import convert
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.pins import PICKLE, Pin
from checkpoints import pin_of
from hub import Hub


class _Payload:
    """Makes a folder when it is unpickled."""

    def __init__(self, proof: Path) -> None:
        self._proof = proof

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.mkdir, (str(self._proof),)


@pytest.mark.parametrize("form", ["torch", "plain"])
def test_a_hostile_pickle_runs_nothing(tmp_path: Path, form: str) -> None:
    import torch

    hostile, proof = tmp_path / PICKLE, tmp_path / "proof"
    if form == "torch":
        torch.save({"weight": torch.ones(1), "payload": _Payload(proof)}, hostile)
    else:
        hostile.write_bytes(pickle.dumps(_Payload(proof), protocol=2))

    with pytest.raises(ModelDamagedError, match="something else"):
        convert.convert(hostile, tmp_path / "out.safetensors")

    assert not proof.exists()
    assert not (tmp_path / "out.safetensors").exists()


def test_tied_and_transposed_weights_are_written_whole(tmp_path: Path) -> None:
    import torch
    from safetensors.torch import load_file

    words = torch.arange(12.0).reshape(3, 4)
    tied = {"in": words, "out": words, "turned": words.T, "part": words[1:, :2]}
    torch.save(tied, tmp_path / PICKLE)

    convert.convert(tmp_path / PICKLE, tmp_path / "out.safetensors")

    kept = load_file(tmp_path / "out.safetensors")
    assert kept.keys() == tied.keys()
    assert all(torch.equal(kept[name], tied[name]) for name in tied)


@pytest.mark.parametrize("content", [[1, 2], {"a": 1}, {1: "a"}], ids=["list", "number", "text"])
def test_anything_but_named_tensors_is_refused(tmp_path: Path, content: object) -> None:
    import torch

    torch.save(content, tmp_path / PICKLE)

    with pytest.raises(ModelDamagedError, match="named tensors"):
        convert.convert(tmp_path / PICKLE, tmp_path / "out.safetensors")


def test_a_cut_pickle_is_refused(published: dict[str, Path], tmp_path: Path) -> None:
    (tmp_path / PICKLE).write_bytes((published["caption-base"] / PICKLE).read_bytes()[:-1000])

    with pytest.raises(ModelDamagedError):
        convert.convert(tmp_path / PICKLE, tmp_path / "out.safetensors")


def test_a_hostile_pickle_that_was_pinned_is_still_refused_and_deleted(tmp_path: Path) -> None:
    import torch

    published, models, proof = tmp_path / "published", tmp_path / "models", tmp_path / "proof"
    published.mkdir()
    torch.save({"payload": _Payload(proof)}, published / PICKLE)
    pin = pin_of(published)
    with Hub({(pin.repository, pin.revision): published}) as hub:
        checkpoints = Checkpoints(models, pins={pin.name: pin}, endpoint=hub.endpoint)

        with pytest.raises(ModelDamagedError, match="something else"):
            checkpoints.download(pin.name)

    assert not proof.exists()
    assert not (models / f"{pin.name}.partial" / PICKLE).exists()


@pytest.mark.parametrize(("version", "is_safe"), [("2.5.1", False), ("2.6.0+cpu", True), ("2.13.0", True)])
def test_a_torch_that_opens_pickles_unsafely_is_refused(version: str, *, is_safe: bool) -> None:
    if is_safe:
        convert.refuse_unsafe(version)
    else:
        with pytest.raises(ModelError, match="safely"):
            convert.refuse_unsafe(version)


def test_complaints_that_fill_a_pipe_stop_no_download(
    checkpoints_: Checkpoints, pickled: Pin, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Every Python process reads this one first.
    (tmp_path / "sitecustomize.py").write_text("import os\nos.write(2, b'careful\\n' * 40_000)\n", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))

    checkpoints_.download(pickled.name)

    assert checkpoints_.is_installed(pickled.name)
