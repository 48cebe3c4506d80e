"""Small models as the hub would publish them, and a hub that does.

`pin` is a model that only travels: fast, as nothing is converted. `pickled` is a whole checkpoint of
the exact architecture with its weights as a pickle.
"""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.pins import Pin
from checkpoints import pin_of, write_checkpoint, write_unopened
from hub import Hub

_DRIVER = """
import sys
from pathlib import Path
from altaloud.vision.blip.checkpoint import Checkpoints
from checkpoints import pin_of

models, published, endpoint, name = sys.argv[1:]
pin = pin_of(Path(published) / name, name)
Checkpoints(Path(models), pins={name: pin}, endpoint=endpoint).download(
    name, lambda step: print(step.phase, step.file, step.done_bytes, flush=True)
)
"""


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Model -> the folder with its files as published. Read only."""
    folder = tmp_path_factory.mktemp("published")
    write_unopened(folder / "vqa-base")
    write_checkpoint(folder / "caption-base")
    return {path.name: path for path in folder.iterdir()}


@pytest.fixture(scope="session")
def pin(published: dict[str, Path]) -> Pin:
    return pin_of(published["vqa-base"], "vqa-base")


@pytest.fixture(scope="session")
def pickled(published: dict[str, Path]) -> Pin:
    return pin_of(published["caption-base"], "caption-base")


@pytest.fixture
def hub(published: dict[str, Path], pin: Pin, pickled: Pin) -> Iterator[Hub]:
    folders = {(each.repository, each.revision): published[each.name] for each in (pin, pickled)}
    with Hub(folders) as hub:
        yield hub


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def checkpoints_(hub: Hub, models: Path, pin: Pin, pickled: Pin) -> Checkpoints:
    pins = {each.name: each for each in (pin, pickled)}
    return Checkpoints(models, pins=pins, endpoint=hub.endpoint, waits_seconds=(0.01, 0.01, 0.01))


@pytest.fixture
def driver(tmp_path: Path, hub: Hub, models: Path, published: dict[str, Path]) -> list[str]:
    """A command that downloads the model whose name is appended, in a process to be killed."""
    script = tmp_path / "download.py"
    script.write_text(_DRIVER)
    return [
        sys.executable,
        str(script),
        str(models),
        str(next(iter(published.values())).parent),
        hub.endpoint,
    ]


@pytest.fixture(scope="session")
def installed_once(
    tmp_path_factory: pytest.TempPathFactory, published: dict[str, Path], pickled: Pin
) -> Path:
    models = tmp_path_factory.mktemp("installed")
    with Hub({(pickled.repository, pickled.revision): published[pickled.name]}) as hub:
        Checkpoints(models, pins={pickled.name: pickled}, endpoint=hub.endpoint).download(pickled.name)
    return models


@pytest.fixture
def installed(installed_once: Path, models: Path, pickled: Pin) -> Checkpoints:
    """The pickled model, downloaded, in a folder of the test's own; no hub."""
    shutil.copytree(installed_once, models)
    return Checkpoints(models, pins={pickled.name: pickled}, endpoint="http://127.0.0.1:9")
