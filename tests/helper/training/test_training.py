"""Training the starter model: what is the same twice, what is kept apart, how sure a share is."""

import random
from pathlib import Path

import numpy as np
import pytest
import torch

import altaloud.vision
from altaloud.training import augment, views
from altaloud.training.batches import IconSet, Pictures
from altaloud.training.classes import KINDS, Classes
from altaloud.training.collection import Icon
from altaloud.training.export import origin, shipped_reliability
from altaloud.training.scoring import Share, calibration_error
from altaloud.training.student import Student, Words

CLASSES = Classes(("close", "table", "text", "bar chart"))
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="24" viewBox="0 0 24 24" color="black">'
CROSS = f'{HEAD}<path d="M4 4L20 20M20 4L4 20" stroke="currentColor" stroke-width="3"/></svg>'


def test_a_name_that_is_icon_and_kind_has_two_classes_and_two_sentences() -> None:
    for name in ("table", "text", "bar chart"):
        assert CLASSES.icon(name) != CLASSES.kind(name)
        assert CLASSES.sentence(CLASSES.icon(name)) == f"icon {name}"
        assert CLASSES.sentence(CLASSES.kind(name)) == name


def test_an_unknown_label_is_the_class_of_other_icons() -> None:
    assert CLASSES.icon("flux capacitor") == CLASSES.other
    assert CLASSES.sentence(CLASSES.other) == "icon other icon"


def test_a_fresh_student_is_alive() -> None:
    """transformers' own default spread of weights leaves a vision tower that answers everything alike."""
    student = Student(CLASSES).eval()
    with torch.inference_mode():
        tokens = student.tokens(torch.randn(8, 3, 64, 64))[1]
    assert tokens.std(dim=0).mean() > 1e-3


# transformers warns of its own attribute when it saves a model.
@pytest.mark.filterwarnings("ignore:.is_gradient_checkpointing.:FutureWarning")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_exported_student_is_a_stock_blip_that_sees_the_same_converted(tmp_path: Path) -> None:
    from transformers import BlipForConditionalGeneration

    from altaloud.training.export import CLOSE, export_student
    from altaloud.vision import silent_openvino
    from altaloud.vision.starter_graph import scorer

    student = Student(CLASSES)
    assert export_student(student, tmp_path) < CLOSE
    stock = BlipForConditionalGeneration.from_pretrained(tmp_path, dtype=torch.float32).eval()
    pictures = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        ours, theirs = student.blip.vision_model(pictures)[0], stock.vision_model(pictures)[0]
    assert torch.allclose(ours, theirs, atol=1e-4)
    # The engine may run the stock files as they are.
    direct = (
        silent_openvino.load()
        .Core()
        .compile_model(scorer(tmp_path), "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    )
    with torch.inference_mode():
        expected = student(pictures[:1]).softmax(1)
    seen = torch.from_numpy(direct(pictures[:1].numpy())[0]).softmax(1)
    assert torch.allclose(seen, expected, atol=CLOSE)


def test_the_vocabulary_can_write_every_sentence() -> None:
    words = Words(CLASSES)
    assert words.ids.shape[0] == CLASSES.count
    assert not (words.ids == words.words.index("[UNK]")).any()


def test_batches_are_the_same_for_the_same_seed() -> None:
    from altaloud.training.batches import Batches

    labels = [*CLASSES.icons, "something else"]
    icons = [Icon("pack", "name", label, False, CROSS, False, "train") for label in labels]
    drawings = np.random.default_rng(0).integers(0, 256, (len(icons), 64, 64, 4), dtype=np.uint8)
    pixels = np.zeros((len(KINDS), 76, 76, 3), np.uint8)
    kinds = Pictures(pixels, np.array([CLASSES.kind(kind) for kind in KINDS]))
    icon_set = IconSet(icons, drawings, CLASSES, "train")
    one, other = (Batches(icon_set, kinds, CLASSES, seed=3).batch(32, step=7, rank=1) for _ in range(2))
    assert torch.equal(one[0], other[0])
    assert torch.equal(one[1], other[1])
    later = Batches(icon_set, kinds, CLASSES, seed=3).batch(32, step=8, rank=1)
    assert not torch.equal(one[0], later[0])


def test_chance_keeps_ink_apart_from_its_ground() -> None:
    chance = augment.Chance(torch.Generator().manual_seed(1))
    drawn = torch.zeros(64, 4, 64, 64)
    drawn[:, 3, 24:40, 24:40] = 1
    shown = augment.icons(drawn, torch.ones(64, dtype=torch.bool), chance)
    grey = (shown * torch.tensor([0.3, 0.59, 0.11])[:, None, None]).sum(dim=1).flatten(1)
    assert (grey.amax(dim=1) - grey.amin(dim=1) > 0.1).all()


def test_a_seed_draws_the_same_picture() -> None:
    from altaloud.training.drawing import drawn
    from altaloud.training.drawing.brush import font_files

    fonts = font_files((Path("/usr/share/fonts"),))
    if not fonts:
        pytest.skip("this machine has no fonts to draw with")
    for kind in ("table", "logo", "screenshot", "decorative", "pie chart", "text", "diagram", "illustration"):
        assert np.array_equal(drawn(kind, 5, fonts), drawn(kind, 5, fonts)), kind


@pytest.mark.parametrize("name", list(views.CONDITIONS))
def test_every_condition_shows_an_icon(name: str) -> None:
    shown = views.CONDITIONS[name](CROSS, random.Random(2))  # noqa: S311  # not for secrets
    assert shown.ndim == 3
    assert np.ptp(shown) > 20


def test_an_interval_holds_its_share_and_shrinks_with_more() -> None:
    few, many = Share(8, 10), Share(800, 1000)
    assert few.interval[0] < few.value < few.interval[1]
    assert many.interval[1] - many.interval[0] < few.interval[1] - few.interval[0]
    assert Share(0, 2000).interval[1] == pytest.approx(0.0019, abs=2e-4)


def test_honest_confidences_have_no_calibration_error() -> None:
    confidences = np.repeat([0.1, 0.9], 100)
    right = np.concatenate([np.arange(100) < 10, np.arange(100) < 90])
    assert calibration_error(confidences, right) == pytest.approx(0, abs=1e-9)
    assert calibration_error(confidences, ~right) == pytest.approx(0.8, abs=1e-9)


def test_what_is_shipped_says_all_that_calibrating_it_anew_needs() -> None:
    starter = Path(altaloud.vision.__file__).parent / "starter"
    reliable = shipped_reliability(starter)
    assert len(reliable) == 355
    assert min(reliable.values()) < 0.7 < max(reliable.values()) <= 1
    assert origin(starter).samples > 900_000
    assert origin(starter).set_aside == 1120
