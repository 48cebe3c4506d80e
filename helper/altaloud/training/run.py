"""From the data folder to trained weights: teacher, then student, each resumable where it was left."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch

from altaloud.training import distilling, lessons, sets, teaching
from altaloud.training.averaging import Group, together
from altaloud.training.collection import Collection
from altaloud.training.export import export_teacher
from altaloud.training.loop import Schedule, train
from altaloud.training.seeing import Seeing
from altaloud.training.student import Student, give_structure
from altaloud.training.teacher import Teacher

_ROOM = 60_000  # lessons kept by each process, 1.5 GB
_FRESH = 0.4  # share of a batch


@dataclass(frozen=True, slots=True)
class Plan:
    """What to train on, where to keep what is made on the way, and how long."""

    data: Path
    work: Path  # cache and checkpoints
    fonts: tuple[Path, ...]
    seed: int
    processes: int
    teacher: Schedule
    student: Schedule
    exported_teacher: Path | None = None  # its `.xml`; None for the one that was trained here
    drawn_share: float = 1.0  # of the pictures of each kind that are drawn
    real: Path | None = None  # the folder that `collect` filled

    @property
    def cache(self) -> Path:
        """Where drawings are kept."""
        return self.work / "cache"

    @property
    def teacher_checkpoint(self) -> Path:
        """The teacher's last state."""
        return self.work / "teacher.pt"

    @property
    def teacher_network(self) -> Path:
        """The exported teacher's `.xml`."""
        return self.exported_teacher or self.work / "teacher" / "starter.xml"

    @property
    def doubtful(self) -> Path:
        """What `clean` set aside."""
        return self.work / "doubtful.json"

    @property
    def reliability(self) -> Path:
        """How reliable `clean` found each label."""
        return self.work / "reliability.json"

    @property
    def student_checkpoint(self) -> Path:
        """The student's last state."""
        return self.work / "student.pt"


def train_teacher(plan: Plan) -> None:
    """Train the teacher to its end."""
    together(_teach, (plan,), processes=plan.processes)


def export_trained_teacher(plan: Plan) -> None:
    """Write the trained teacher into the work folder as the student's training wants it."""
    classes = Collection(plan.data).classes
    export_teacher(trained_teacher(plan, classes.count), plan.work / "teacher")


def train_student(plan: Plan) -> None:
    """Train the student to its end; the teacher must be there."""
    together(_distil, (plan,), processes=plan.processes)


def draw_everything(plan: Plan) -> None:
    """Fill the cache, so that the processes that train find it ready."""
    for split in ("validation", "train"):
        sets.load(plan.data, plan.cache, plan.fonts, split, _speaker(Group(0, 1)), share=plan.drawn_share)


def _teach(group: Group, plan: Plan) -> None:
    training, validation = _loaded(group, plan)
    torch.manual_seed(plan.seed)
    batches = sets.training_batches(training, seed=plan.seed)
    task = teaching.Teaching(training.classes.count, batches, lambda model: sets.accuracy(validation, model))
    train(task, plan.teacher, group, checkpoint=plan.teacher_checkpoint, report=_speaker(group))


def _distil(group: Group, plan: Plan) -> None:
    training, validation = _loaded(group, plan)
    batches = sets.training_batches(training, seed=plan.seed + 1)
    torch.manual_seed(plan.seed)
    sample, _ = batches.batch(256, step=2**31, rank=0)
    student = Student(training.classes)
    give_structure(student, sample)
    torch.manual_seed(plan.seed + 1 + group.rank)
    kept = lessons.Lessons(batches, Seeing(plan.teacher_network), sample, room=_ROOM, share=_FRESH)
    task = distilling.Distilling(
        student, kept, training.classes.other, lambda model: sets.accuracy(validation, model)
    )
    train(task, plan.student, group, checkpoint=plan.student_checkpoint, report=_speaker(group))


def trained_teacher(plan: Plan, classes: int) -> Teacher:
    """Return the teacher as its checkpoint has it (the moving average)."""
    teacher = Teacher(classes)
    teacher.load_state_dict(torch.load(plan.teacher_checkpoint, weights_only=True)["task"]["average"])
    return teacher.eval()


def trained_student(plan: Plan, student: Student) -> Student:
    """Return `student` with the weights of its checkpoint."""
    state = torch.load(plan.student_checkpoint, weights_only=True)["task"]
    student.load_state_dict(
        {name.removeprefix("student."): v for name, v in state.items() if "student." in name}
    )
    return student.eval()


def _loaded(group: Group, plan: Plan) -> tuple[sets.Sets, sets.Sets]:
    speak = _speaker(group)
    train = sets.load(
        plan.data,
        plan.cache,
        plan.fonts,
        "train",
        speak,
        share=plan.drawn_share,
        doubtful=plan.doubtful,
        real=plan.real,
    )
    return train, sets.load(plan.data, plan.cache, plan.fonts, "validation", speak)


def _speaker(group: Group) -> Callable[[str], None]:
    """Return what prints progress: the first process does, the others are silent."""
    return say if group.is_first else _hush


def say(line: str) -> None:
    """Print progress."""
    print(line, flush=True)  # progress of a command a person started


def _hush(line: str) -> None:
    """Say nothing."""
