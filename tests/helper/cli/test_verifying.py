"""`altaloud models verify` also compares what a model says, where the test image is there."""

from pathlib import Path

import pytest

from altaloud.cli.ground import Ground
from altaloud.cli.models import _says_what_is_published
from altaloud.vision.blip.checkpoint import Checkpoints
from altaloud.vision.blip.golden import IMAGE
from checkpoints import install_random
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

    install_random(ground.home.models)
    shown = drawing(1)
    Image.frombytes("RGB", (shown.columns, shown.rows), shown.pixels).save(ground.home.models / IMAGE)

    assert not _says_what_is_published(ground, Checkpoints(ground.home.models), "caption-base")

    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 6  # three precisions, without a prompt and with one
    assert all("other words than published" in line for line in lines)
