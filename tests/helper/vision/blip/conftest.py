"""A random checkpoint as the hub would publish it, and a hub that does."""

import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.pins import Pin
from checkpoints import pin_of, write_checkpoint
from hub import Hub


@pytest.fixture(scope="session")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of a small captioning checkpoint. Read only."""
    folder = tmp_path_factory.mktemp("published")
    write_checkpoint(folder)
    return folder


@pytest.fixture(scope="session")
def pin(published: Path) -> Pin:
    return pin_of(published)


@pytest.fixture
def hub(published: Path, pin: Pin) -> Iterator[Hub]:
    with Hub({(pin.repository, pin.revision): published}) as hub:
        yield hub


@pytest.fixture
def models(tmp_path: Path) -> Path:
    return tmp_path / "models"


@pytest.fixture
def checkpoints_(hub: Hub, models: Path, pin: Pin) -> Checkpoints:
    return Checkpoints(models, pins={pin.name: pin}, endpoint=hub.endpoint, waits_seconds=(0.01, 0.01, 0.01))


@pytest.fixture
def driver(tmp_path: Path, hub: Hub, models: Path, published: Path) -> list[str]:
    """A command that downloads in a process of its own, to be killed."""
    script = tmp_path / "download.py"
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from checkpoints import pin_of\n"
        "from altaloud.vision.blip.checkpoint import Checkpoints\n"
        "models, published, endpoint = Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3]\n"
        "pin = pin_of(published)\n"
        "Checkpoints(models, pins={pin.name: pin}, endpoint=endpoint).download(\n"
        "    pin.name, lambda p: print(p.phase, p.file, p.done_bytes, flush=True))\n"
    )
    return [sys.executable, str(script), str(models), str(published), hub.endpoint]


@pytest.fixture(scope="session")
def installed_once(tmp_path_factory: pytest.TempPathFactory, published: Path, pin: Pin) -> Path:
    models = tmp_path_factory.mktemp("installed")
    with Hub({(pin.repository, pin.revision): published}) as hub:
        Checkpoints(models, pins={pin.name: pin}, endpoint=hub.endpoint).download(pin.name)
    return models


@pytest.fixture
def installed(installed_once: Path, models: Path, pin: Pin) -> Checkpoints:
    """A model that has been downloaded, in a folder of the test's own; no hub."""
    shutil.copytree(installed_once, models)
    return Checkpoints(models, pins={pin.name: pin}, endpoint="http://127.0.0.1:9")
