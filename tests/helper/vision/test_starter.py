"""The starter model: what it is shown, what it says, and when it says nothing."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw

import altaloud.vision
from altaloud.errors import ModelDamagedError, ModelMissingError
from altaloud.vision.kinds import Kind
from altaloud.vision.pictures import Picture
from altaloud.vision.starter_input import SIDE, prepare
from altaloud.vision.starter_kinds import KindHead
from altaloud.vision.starter_model import KINDS_FILE, StarterModel
from altaloud.vision.starter_traits import NAMES, traits

STARTER = Path(altaloud.vision.__file__).parent / "starter"

Shown = NDArray[np.uint8]


def picture(image: Image.Image) -> Picture:
    """Return a drawn image as the reader hands it on."""
    rgb = image.convert("RGB")
    return Picture(
        width=rgb.width,
        height=rgb.height,
        fingerprint=bytes(32),
        columns=rgb.width,
        rows=rgb.height,
        pixels=rgb.tobytes(),
        transparent=0.0,
        format="PNG",
    )


def cross(ink: str = "black", ground: str = "white", side: int = 96, room: int = 12) -> Image.Image:
    """Draw the sign for closing."""
    image = Image.new("RGB", (side + 2 * room, side + 2 * room), ground)
    draw, last = ImageDraw.Draw(image), side + room
    draw.line([(room, room), (last, last)], fill=ink, width=side // 9)
    draw.line([(room, last), (last, room)], fill=ink, width=side // 9)
    return image


def magnifier() -> Image.Image:
    """Draw the sign for searching."""
    image = Image.new("RGB", (96, 96), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse([12, 12, 64, 64], outline="black", width=8)
    draw.line([(58, 58), (84, 84)], fill="black", width=9)
    return image


def bars() -> Image.Image:
    """Draw a chart of eight bars on axes."""
    image = Image.new("RGB", (320, 220), "white")
    draw = ImageDraw.Draw(image)
    draw.line([(30, 10), (30, 200), (310, 200)], fill="black", width=2)
    for number, height in enumerate([60, 110, 90, 150, 170, 120, 80, 140]):
        draw.rectangle([42 + number * 33, 199 - height, 64 + number * 33, 199], fill=(31, 119, 180))
        draw.text((46 + number * 33, 204), str(2019 + number), fill="black")
    return image


@pytest.fixture(scope="module")
def model() -> StarterModel:
    return StarterModel(STARTER)


def test_a_sign_is_the_same_in_dark_mode() -> None:
    light, dark = np.asarray(cross()), np.asarray(cross("white", "black"))
    assert np.abs(prepare(light).astype(int) - prepare(dark).astype(int)).max() <= 2


def test_room_around_a_sign_does_not_matter() -> None:
    near, far = prepare(np.asarray(cross(room=4))), prepare(np.asarray(cross(room=60)))
    assert np.abs(near.astype(int) - far.astype(int)).mean() < 4


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (2560, 3), (12, 12), (2000, 1500)])
def test_every_size_is_brought_to_the_models_own(size: tuple[int, int]) -> None:
    assert prepare(np.asarray(Image.new("RGB", size, "red"))).shape == (SIDE, SIDE, 3)


@pytest.mark.parametrize(("drawn", "label"), [(cross(), "close"), (magnifier(), "search")])
def test_a_clear_sign_is_named(model: StarterModel, drawn: Image.Image, label: str) -> None:
    guess = model.look(picture(drawn))
    assert (guess.kind, guess.icon) == (Kind.icon, label)
    assert 0.5 < guess.confidence <= 1


def test_a_chart_is_a_chart_and_no_icon(model: StarterModel) -> None:
    guess = model.look(picture(bars()))
    assert (guess.kind, guess.icon, guess.chart) == (Kind.chart, None, "bar chart")


def test_noise_gets_no_name(model: StarterModel) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (20, 80, 90, 3), dtype=np.uint8)
    assert [model.look(picture(Image.fromarray(one))).icon for one in noise] == [None] * 20


def test_one_colour_gets_no_name(model: StarterModel) -> None:
    for colour in ("white", "black", "red", "#888888"):
        assert model.look(picture(Image.new("RGB", (40, 40), colour))).icon is None


def test_below_the_threshold_an_icon_has_no_name(model: StarterModel) -> None:
    classes = json.loads((STARTER / "labels.json").read_text(encoding="utf-8"))["classes"]
    doubtful = np.zeros(len(classes))
    doubtful[:2] = 0.5  # two icons, as likely as each other
    canonical = prepare(np.asarray(cross()))
    guess = model.decide(doubtful, traits(np.asarray(cross()), canonical))
    assert (guess.kind, guess.icon) == (Kind.icon, None)


def test_a_kind_below_its_threshold_is_unknown(tmp_path: Path) -> None:
    folder = tmp_path / "starter"
    shutil.copytree(STARTER, folder)
    held = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    held |= {"kind_threshold": 1.01, "icon_threshold": 1.01}
    (folder / "labels.json").write_text(json.dumps(held), encoding="utf-8")
    guess = StarterModel(folder).look(picture(bars()))
    assert (guess.kind, guess.chart) == (Kind.unknown, None)


def test_one_colour_is_blank_by_counting_alone(model: StarterModel) -> None:
    guess = model.look(picture(Image.new("RGB", (300, 20), "#336699")))
    assert (guess.kind, guess.confidence) == (Kind.blank, 1.0)


def test_traits_tell_a_photograph_from_a_flat_drawing() -> None:
    """What the network cannot see at 64 pixels: many colours, and neighbours that differ a little."""
    slope = np.linspace(0, 255, 200)
    grain = np.random.default_rng(2).normal(0, 3, (200, 200, 3))
    photo = np.clip(slope[:, None, None] * np.array([1, 0.8, 0.5]) + slope[None, :, None] / 4 + grain, 0, 255)
    shown = (photo.astype(np.uint8), np.asarray(cross()))
    many, few = (dict(zip(NAMES, traits(one, prepare(one)), strict=True)) for one in shown)
    assert many["colours"] > few["colours"] + 1
    assert many["neighbours near"] > 0.5 > few["neighbours near"]


@pytest.mark.parametrize("size", [(1, 1), (1, 700), (2, 5), (3, 900), (16, 16), (640, 480)])
def test_every_size_has_all_traits(size: tuple[int, int]) -> None:
    shown = np.random.default_rng(3).integers(0, 256, (size[1], size[0], 3), dtype=np.uint8)
    counted = traits(shown, prepare(shown))
    assert counted.shape == (len(NAMES),)
    assert np.isfinite(counted).all()


def test_layout_tells_straight_lines_from_slanting_ones() -> None:
    slanting = Image.new("RGB", (200, 150), "white")
    for start in range(0, 300, 30):
        ImageDraw.Draw(slanting).line([(start - 100, 0), (start, 150)], fill="black", width=3)
    square, askew = (
        dict(zip(NAMES, traits(shown, prepare(shown)), strict=True))
        for shown in (np.asarray(bars()), np.asarray(slanting))
    )
    assert square["longest level line"] > 0.5 > askew["longest level line"]


def test_a_name_that_is_not_reliable_is_not_said(tmp_path: Path) -> None:
    folder = tmp_path / "starter"
    shutil.copytree(STARTER, folder)
    held = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    next(entry for entry in held["classes"] if entry.get("icon") == "close")["reliability"] = 0.1
    held["icon_threshold"] = 0.0
    (folder / "labels.json").write_text(json.dumps(held), encoding="utf-8")
    guess = StarterModel(folder).look(picture(cross()))
    assert (guess.kind, guess.icon) == (Kind.icon, None)


def test_an_icon_of_a_table_is_not_a_table() -> None:
    classes = json.loads((STARTER / "labels.json").read_text(encoding="utf-8"))["classes"]
    for name in ("table", "text"):
        assert {"kind": name} in classes
        assert any(entry.get("icon") == name for entry in classes)


def test_missing_weights_are_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(ModelMissingError):
        StarterModel(tmp_path)


def test_weights_that_do_not_fit_their_labels_are_refused(tmp_path: Path) -> None:
    folder = tmp_path / "starter"
    shutil.copytree(STARTER, folder)
    held = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    held["classes"].pop(0)
    (folder / "labels.json").write_text(json.dumps(held), encoding="utf-8")
    with pytest.raises(ModelDamagedError):
        StarterModel(folder)


def test_a_damaged_network_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "starter"
    shutil.copytree(STARTER, folder)
    (folder / "starter.xml").write_text("<net", encoding="utf-8")
    with pytest.raises(ModelDamagedError):
        StarterModel(folder)


def test_a_missing_kind_head_is_said_to_be_missing(tmp_path: Path) -> None:
    folder = tmp_path / "starter"
    shutil.copytree(STARTER, folder)
    (folder / KINDS_FILE).unlink()
    with pytest.raises(ModelMissingError, match=KINDS_FILE):
        StarterModel(folder)


@pytest.mark.parametrize("bytes_kept", [0, 30, 5000])
def test_a_damaged_kind_head_is_refused(tmp_path: Path, bytes_kept: int) -> None:
    folder = tmp_path / "starter"
    shutil.copytree(STARTER, folder)
    file = folder / KINDS_FILE
    file.write_bytes(file.read_bytes()[:bytes_kept])
    with pytest.raises(ModelDamagedError):
        StarterModel(folder)


def test_a_kind_head_of_other_traits_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "starter"
    shutil.copytree(STARTER, folder)
    with np.load(folder / KINDS_FILE) as read:
        held = dict(read)
    held |= {name: held[name][..., :-1] for name in ("mean", "spread", "inner")}
    held["feature"] = np.minimum(held["feature"], len(held["mean"]) - 1)
    np.savez(folder / KINDS_FILE, **held)
    with pytest.raises(ModelDamagedError):
        StarterModel(folder)


@pytest.mark.parametrize(
    ("name", "index"), [("feature", -1), ("child", -1), ("child", 10**6), ("roots", -1), ("roots", 10**6)]
)
def test_a_kind_head_whose_trees_lead_nowhere_is_refused(tmp_path: Path, name: str, index: int) -> None:
    folder = tmp_path / "starter"
    shutil.copytree(STARTER, folder)
    with np.load(folder / KINDS_FILE) as read:
        held = dict(read)
    held[name] = held[name].astype(np.int64)
    held[name][0] = index
    np.savez(folder / KINDS_FILE, **held)
    with pytest.raises(ModelDamagedError):
        StarterModel(folder)


def test_a_question_that_leads_past_the_last_node_is_refused() -> None:
    with np.load(STARTER / KINDS_FILE) as read:
        held = dict(read)
    held["child"][0] = len(held["child"]) - 1  # and to the one after it, which is not there
    with pytest.raises(ValueError, match="do not fit"):
        KindHead(held)


def test_looking_imports_neither_torch_nor_transformers() -> None:
    program = (
        "import sys; from pathlib import Path; from altaloud.vision.starter_model import StarterModel; "
        "StarterModel(Path(sys.argv[1])); print(sorted({'torch', 'transformers'} & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program, str(STARTER)], capture_output=True, text=True, check=True, timeout=60
    )
    assert said.stdout.strip() == "[]"
