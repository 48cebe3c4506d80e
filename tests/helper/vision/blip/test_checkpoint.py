"""What is known of the models on this computer: listed, checked to the byte, removed."""

import json
import shutil
import threading
import time
from pathlib import Path

import pytest

from altaloud.errors import ModelDamagedError, ModelMissingError
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.digests import RECORD
from altaloud.vision.blip.pins import WEIGHTS, Pin, load_pins


def test_the_products_pins_name_a_commit_and_a_size_for_every_model() -> None:
    pins = load_pins()

    assert {"caption-base", "caption-large", "vqa-base", "itm-base"} == set(pins)
    assert all(len(pin.revision) == 40 for pin in pins.values())
    assert pins["caption-base"].download_bytes == 990_769_234
    assert pins["caption-base"].model == "caption-base@82a3776"
    assert all(pin.download_bytes > 800_000_000 for pin in pins.values())


def test_nothing_is_made_by_looking(models: Path) -> None:
    checkpoints = Checkpoints(models)

    assert {entry.state for entry in checkpoints.list()} == {"absent"}
    assert checkpoints.remove("caption-base") == 0
    assert not models.exists()


def test_an_installed_model_is_listed_with_its_room(installed: Checkpoints, pickled: Pin) -> None:

    (entry,) = installed.list()

    assert entry.is_installed
    assert entry.licence == "BSD-3-Clause"
    assert 1 < entry.disk_bytes / pickled.download_bytes < 1.5  # the graphs are there as well


def test_a_folder_that_changes_meanwhile_is_listed_all_the_same(
    installed: Checkpoints, models: Path, pickled: Pin
) -> None:
    partial = models / f"{pickled.name}.partial" / "folder"
    is_over = threading.Event()

    def change() -> None:
        while not is_over.is_set():
            partial.mkdir(parents=True)
            (partial / "file").touch()
            shutil.rmtree(partial.parent)

    changing = threading.Thread(target=change)
    changing.start()
    try:
        deadline = time.monotonic() + 0.5
        while time.monotonic() < deadline:
            installed.list()
    finally:
        is_over.set()
        changing.join()


def test_a_whole_model_is_verified(installed: Checkpoints, models: Path, pickled: Pin) -> None:
    seen: list[str] = []

    installed.verify(pickled.name, lambda step: seen.append(step.file))

    graphs = {path.name for path in (models / f"{pickled.name}.openvino").iterdir()} - {"made.json"}
    assert set(seen) == {*pickled.installed_names, *graphs}


@pytest.mark.parametrize("name", [WEIGHTS, "tokenizer.json"])
def test_one_flipped_bit_is_found_and_named(
    installed: Checkpoints, models: Path, pickled: Pin, name: str
) -> None:
    path = models / pickled.name / name
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)

    with pytest.raises(ModelDamagedError, match=name):
        installed.verify(pickled.name)


def test_a_changed_file_is_found_even_if_the_record_was_changed_with_it(
    installed: Checkpoints, models: Path, pickled: Pin
) -> None:
    folder = models / pickled.name
    (folder / "config.json").write_bytes(b"{}")
    record = json.loads((folder / RECORD).read_text())
    # SHA-256 of "{}".
    digest = "44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
    record["files"]["config.json"] = {"bytes": 2, "sha256": digest}
    (folder / RECORD).write_text(json.dumps(record))

    with pytest.raises(ModelDamagedError, match=r"config\.json"):
        installed.verify(pickled.name)


def test_a_missing_file_and_a_stranger_are_named(installed: Checkpoints, models: Path, pickled: Pin) -> None:
    (models / pickled.name / "vocab.txt").unlink()
    (models / pickled.name / "adapter_config.json").write_text("{}")

    with pytest.raises(ModelDamagedError, match=r"adapter_config\.json, vocab\.txt"):
        installed.verify(pickled.name)


def test_what_is_not_there_cannot_be_verified(checkpoints_: Checkpoints, pickled: Pin) -> None:
    with pytest.raises(ModelMissingError, match=pickled.name):
        checkpoints_.verify(pickled.name)


def test_removing_gives_the_room_back(installed: Checkpoints, models: Path, pickled: Pin) -> None:
    (entry,) = installed.list()

    freed = installed.remove(pickled.name)

    assert freed == entry.disk_bytes
    assert [path for path in models.iterdir() if path.is_dir()] == []
    assert not installed.is_installed(pickled.name)
