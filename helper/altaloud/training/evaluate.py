"""From a trained student to what is shipped: calibrate, export, measure, write the card and the notices."""

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import torch

from altaloud.training import measuring, views
from altaloud.training.calibration import Calibration, fit, neutral
from altaloud.training.card import Figures, card
from altaloud.training.collection import Collection
from altaloud.training.export import (
    Origin,
    export_student,
    export_teacher,
    origin,
    shipped_reliability,
    write_labels,
)
from altaloud.training.groups import groups
from altaloud.training.measuring import Looker, Seen
from altaloud.training.notice import notice
from altaloud.training.pictures import contact_sheet
from altaloud.training.run import Plan, trained_student, trained_teacher
from altaloud.training.samples import Samples
from altaloud.training.samples import real as real_samples
from altaloud.training.scoring import Acceptable, Share, judged_names
from altaloud.training.student import Student
from altaloud.vision.kinds import Kind
from altaloud.vision.starter_model import StarterModel

STARTER = Path(__file__).parents[1] / "vision" / "starter"
ROBUSTNESS_ICONS = 300
# Conditions that counting could mistake for something else than icons; they tune as well.
_FURTHER = ("256 px", "JPEG quality 35", "turned by 3 to 6 degrees")


def evaluate(plan: Plan, network: str, report: Callable[[str], None]) -> None:
    """Calibrate on validation, export, measure on test, and write the card.

    Args:
        plan: Where the data, the real pictures, the checkpoints and what `clean` found are.
        network: "student" or "teacher": which of the two the engine is to run; "shipped": as it is.
        report: Takes lines of progress.
    """
    collection = Collection(plan.data)
    acceptable = Acceptable(collection)
    samples = Samples(collection, plan.cache, plan.fonts)
    reliability = shipped_reliability(STARTER) if network == "shipped" else _read(plan.reliability)
    from_where = _exported(plan, network, collection, report)
    held = _calibrated(samples, collection, plan, from_where, reliability)
    write_labels(collection, held, from_where, STARTER)
    report(f"icons named from {held.icon_threshold:.3f}, decoration from {held.decorative_threshold:.3f}")
    figures = _measured(samples, collection, acceptable, plan.real, report)
    text = card(figures, held, from_where)
    (STARTER / "README.md").write_text(text, encoding="utf-8")
    (STARTER / "NOTICE").write_text(notice(plan.data, collection), encoding="utf-8")


def _exported(plan: Plan, network: str, collection: Collection, report: Callable[[str], None]) -> Origin:
    if network == "shipped":
        return origin(STARTER)
    if network == "teacher":
        difference = export_teacher(trained_teacher(plan, collection.classes.count), STARTER)
        checkpoint, batch = plan.teacher_checkpoint, plan.teacher.batch
    else:
        difference = export_student(trained_student(plan, Student(collection.classes)), STARTER)
        checkpoint, batch = plan.student_checkpoint, plan.student.batch
    report(f"exported; the converted model differs by {difference:.1e}")
    history = torch.load(checkpoint, weights_only=True)
    return Origin(
        network,
        samples=int(history["step"]) * batch * plan.processes,
        minutes=history["seconds"] / 60,
        set_aside=len(_read(plan.doubtful)),
    )


def _read(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _calibrated(
    samples: Samples,
    collection: Collection,
    plan: Plan,
    from_where: Origin,
    reliability: dict[str, float],
) -> Calibration:
    def loaded(calibration: Calibration) -> StarterModel:
        write_labels(collection, calibration, from_where, STARTER)
        return StarterModel(STARTER)

    loaded(neutral(reliability))
    looker = Looker(STARTER)
    icons = looker.look(samples.icons("validation", views.plain, "plain"))
    icons += looker.look(samples.icons("validation", views.mixed, "mixed"))
    for name in _FURTHER:
        few = samples.icons("validation", views.CONDITIONS[name], name, most=ROBUSTNESS_ICONS)
        icons += looker.look(few)
    others = looker.look(samples.others("validation"))
    tuning = []
    if plan.real is not None:
        # The network knows those that taught it, but the head needs to see how pages differ from drawings:
        # with them, kinds of makers that it never saw were right in 88 % instead of 78 %.
        others += looker.look(real_samples(plan.real / "teach"))
        tuning = looker.look(real_samples(plan.real / "tune"))
    return fit(
        icons,
        others,
        tuning,
        classes=collection.classes,
        acceptable=Acceptable(collection),
        judged=Acceptable(collection, judged_names()),
        reliability=reliability,
        loaded=loaded,
    )


def _measured(
    samples: Samples,
    collection: Collection,
    acceptable: Acceptable,
    real: Path | None,
    report: Callable[[str], None],
) -> Figures:
    looker, classes = Looker(STARTER), collection.classes
    judged = Acceptable(collection, judged_names())
    group_of = groups(classes.icons)
    plain = looker.look(samples.icons("test", views.plain, "plain"))
    report("icons measured, dark on white")
    mixed = looker.look(samples.icons("test", views.mixed, "mixed"))
    report("icons measured, as pages mix them")
    robust = {}
    for name, view in views.CONDITIONS.items():
        few = looker.look(samples.icons("test", view, name, most=ROBUSTNESS_ICONS))
        robust[name] = measuring.icon_figures(few, classes, acceptable)
    report("robustness measured")
    others = looker.look(samples.others("test"))
    pages = looker.look(real_samples(real / "test")) if real is not None else []
    contact_sheet(_confused(plain, judged), STARTER / "confusions.png")
    return Figures(
        plain=measuring.icon_figures(plain, classes, acceptable),
        mixed=measuring.icon_figures(mixed, classes, acceptable),
        plain_judged=measuring.icon_figures(plain, classes, judged),
        mixed_judged=measuring.icon_figures(mixed, classes, judged),
        robust=robust,
        not_icons={
            name: measuring.named_though_no_icon([one for one in [*others, *pages] if one.truth == name])
            for name in dict.fromkeys(one.truth for one in others)
        },
        not_icon=measuring.named_though_no_icon([*others, *pages]),
        drawn_kind=measuring.kind_right([one for one in others if one.truth != "illustration"]),
        real_kind=measuring.kind_right(pages),
        real_kind_when_said=measuring.kind_right_when_said(pages),
        real_by_kind=_by_kind(pages),
        real_sources=_sources(pages),
        decorative=measuring.content_called_decorative([*others, *pages, *plain]),
        confusion=measuring.confusion(pages),
        worst=measuring.worst_labels(plain, classes, acceptable),
        packs={
            pack: measuring.icon_figures([one for one in plain if one.source == pack], classes, acceptable)
            for pack in sorted({one.source for one in plain})
        },
        groups={
            group: measuring.icon_figures(
                [one for one in plain if group_of.get(one.truth) == group], classes, acceptable
            )
            for group in dict.fromkeys(group_of.values())
        },
    )


def draw_samples(plan: Plan) -> None:
    """Fill the cache with every picture that is measured on."""
    samples = Samples(Collection(plan.data), plan.cache, plan.fonts)
    for split in ("validation", "test"):
        samples.icons(split, views.plain, "plain")
        samples.icons(split, views.mixed, "mixed")
        samples.others(split)
    for name in _FURTHER:
        samples.icons("validation", views.CONDITIONS[name], name, most=ROBUSTNESS_ICONS)
    for name, view in views.CONDITIONS.items():
        samples.icons("test", view, name, most=ROBUSTNESS_ICONS)


def _by_kind(seen: Sequence[Seen]) -> dict[str, Share]:
    kinds = sorted({one.truth for one in seen})
    return {kind: measuring.kind_right([one for one in seen if one.truth == kind]) for kind in kinds}


def _sources(seen: Sequence[Seen]) -> dict[str, int]:
    counted: dict[str, int] = {}
    for one in seen:
        name = f"{one.truth}: {one.source}"
        counted[name] = counted.get(name, 0) + 1
    return counted


def _confused(seen: Sequence[Seen], acceptable: Acceptable) -> list[Seen]:
    """Return icons that were named wrongly, surest first."""
    wrong = [
        one
        for one in seen
        if one.guess.kind is Kind.icon
        and one.guess.icon
        and one.icon
        and not acceptable(one.guess.icon, one.icon)
    ]
    return sorted(wrong, key=lambda one: -one.guess.confidence)[:48]
