"""Teaching a student: what it is shown, how it is moved, and that it learns and goes on where it was."""

from pathlib import Path

import numpy as np
import pytest
import torch

from altaloud.training import cleaning, sets
from altaloud.training.averaging import Group
from altaloud.training.batches import Batches, IconSet, Pictures
from altaloud.training.classes import KINDS, Classes
from altaloud.training.collection import Icon
from altaloud.training.distilling import Distilling, busiest, quarter
from altaloud.training.export import export_teacher, halved
from altaloud.training.lessons import Lessons
from altaloud.training.loop import Schedule, train
from altaloud.training.optimising import orthogonal
from altaloud.training.seeing import Seeing
from altaloud.training.student import Student, give_structure
from altaloud.training.teacher import Teacher
from altaloud.vision.starter_naming import near_names

CLASSES = Classes(("close", "table", "text", "bar chart"))
SCHEDULE = Schedule(
    samples=64, minutes=5, batch=16, rate=1e-3, warm_up_steps=2, longest_gradient=1.0, betas=(0.9, 0.98)
)


def _batches() -> Batches:
    labels = [*CLASSES.icons, "something else"]
    icons = [Icon("pack", "name", label, False, "", False, "train") for label in labels]
    chance = np.random.default_rng(0)
    drawings = chance.integers(0, 256, (len(icons), 64, 64, 4), dtype=np.uint8)
    pixels = chance.integers(0, 256, (len(KINDS), 76, 76, 3), dtype=np.uint8)
    kinds = Pictures(pixels, np.array([CLASSES.kind(kind) for kind in KINDS]))
    return Batches(IconSet(icons, drawings, CLASSES, "train"), kinds, CLASSES, seed=3)


@pytest.fixture(scope="module")
def seeing(tmp_path_factory: pytest.TempPathFactory) -> tuple[Teacher, Seeing]:
    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("teacher")
    teacher = Teacher(CLASSES.count).eval()
    export_teacher(teacher, folder)
    return teacher, Seeing(folder / "starter.xml")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_the_exported_teacher_shows_what_it_sees(seeing: tuple[Teacher, Seeing]) -> None:
    teacher, exported = seeing
    halved(teacher)
    pictures = torch.randn(21, 3, 64, 64)  # more than it looks at at once, and not a multiple
    with torch.inference_mode():
        expected = teacher(pictures)
    for ours, theirs in zip(exported(pictures), expected, strict=True):
        assert (ours - theirs).norm() < 0.01 * theirs.norm()  # bfloat16, where the processor has it


def _task(exported: Seeing) -> Distilling:
    torch.manual_seed(1)
    batches = _batches()
    sample, _ = batches.batch(32, step=1000, rank=0)
    student = Student(CLASSES)
    give_structure(student, sample)
    lessons = Lessons(batches, exported, sample, room=200, share=0.5)
    return Distilling(student, lessons, CLASSES.other, lambda _: "measured")


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_student_learns_and_goes_on_where_it_was(seeing: tuple[Teacher, Seeing], tmp_path: Path) -> None:
    lines: list[str] = []
    task, keep = _task(seeing[1]), tmp_path / "student.pt"
    before = task.loss(64, step=0, rank=0, done=0.9).item()
    train(task, SCHEDULE, Group(0, 1), checkpoint=keep, report=lines.append)
    assert lines[-1].startswith("done: 64 samples")
    assert task.loss(64, step=0, rank=0, done=0.9).item() < before
    assert (tmp_path / "student-half.pt").exists()
    again = _task(seeing[1])
    train(again, SCHEDULE, Group(0, 1), checkpoint=keep, report=lines.append)  # nothing is left to do
    for ours, theirs in zip(again.state().values(), task.state().values(), strict=True):
        assert torch.equal(ours, theirs)


def test_the_emptiest_patches_are_left_out() -> None:
    pictures = torch.zeros(1, 3, 64, 64)
    pictures[0, :, 8:16, 16:24] = torch.randn(3, 8, 8)
    pictures[0, :, 56:64, 56:64] = torch.randn(3, 8, 8)
    assert sorted(busiest(pictures, 2)[0].tolist()) == [8 + 2, 63]
    assert busiest(pictures, 64)[0].tolist() == list(range(64))


def test_a_patch_lies_in_its_quarter() -> None:
    assert quarter(torch.tensor([0, 1, 8, 9, 2, 63, 56])).tolist() == [0, 0, 0, 0, 1, 15, 12]


def test_a_kept_patch_is_seen_where_it_was() -> None:
    """A layer sees no order, so the same patches in another order must give the same mean."""
    student = Student(CLASSES).eval()
    pictures = torch.randn(2, 3, 64, 64)
    with torch.inference_mode():
        whole = student.tokens(pictures)[1][:, 1:].mean(dim=1)
        mixed = torch.randperm(64).expand(2, -1)
        assert torch.allclose(student.tokens(pictures, mixed)[1][:, 1:].mean(dim=1), whole, atol=1e-4)


@pytest.mark.parametrize("shape", [(24, 24), (96, 24), (24, 96)])
def test_a_step_is_about_orthogonal(shape: tuple[int, int]) -> None:
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape, generator=torch.Generator().manual_seed(4))))
    assert values.median() > 0.6
    assert values.max() < 1.4


def test_a_label_that_other_packs_and_the_teacher_contradict_is_doubtful() -> None:
    chance = np.random.default_rng(0)
    middles = np.eye(8, dtype=np.float32)[:2]
    classes = np.repeat([0, 1], 20)
    features = middles[classes] + 0.05 * chance.standard_normal((40, 8)).astype(np.float32)
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    opinions = np.full((40, 3), 0.05, np.float32)
    opinions[np.arange(40), classes] = 0.9
    labels = classes.copy()
    labels[3] = 1  # looks like a 0, and all others say so
    packs = np.array([f"pack {number % 4}" for number in range(40)])
    nearest = labels[cleaning.neighbours(features, packs)]
    near = near_names({}, ("a", "b", "c"))
    places, rather = cleaning.doubtful(nearest, opinions, labels, near)
    assert (places.tolist(), rather.tolist()) == ([3], [0])
    shares = cleaning.reliability(nearest, labels, near)
    assert 0.9 < shares[0] < shares[1] <= 1
    near = near_names({"a": ("b",)}, ("a", "b", "c"))
    assert not cleaning.doubtful(nearest, opinions, labels, near)[0].size


def test_what_is_set_aside_trains_nothing(tmp_path: Path) -> None:
    held = tmp_path / "doubtful.json"
    held.write_text('[{"pack": "p", "name": "odd", "label": "close", "rather": "table"}]', encoding="utf-8")
    icons = [Icon("p", name, "close", False, "", False, "train") for name in ("odd", "plain")]
    kept = IconSet(icons, np.zeros((2, 64, 64, 4), np.uint8), CLASSES, "train", sets.set_aside(held))
    assert [icon.name for icon in kept.icons] == ["plain"]
    assert sets.set_aside(tmp_path / "not there") == frozenset()
