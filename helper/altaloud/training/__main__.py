"""`python -m altaloud.training train DATA` makes the starter model; `evaluate DATA` measures it.

`teacher`, `clean` and `student` are the three steps of `train`.
"""

import argparse
from dataclasses import replace
from pathlib import Path
from typing import Any

_SYSTEM_FONTS = Path("/usr/share/fonts")


def main() -> None:
    """Read the command line and run what it names."""
    parser = argparse.ArgumentParser(prog="altaloud.training", description=__doc__)
    parser.add_argument("command", choices=["train", "teacher", "clean", "student", "evaluate", "collect"])
    parser.add_argument(
        "data", type=Path, help="the folder of icons and photographs; for `collect`, where real pictures go"
    )
    parser.add_argument("--work", type=Path, default=Path("starter-work"), help="cache and checkpoints")
    parser.add_argument(
        "--fonts", type=Path, action="append", help="a folder of fonts to draw with; repeatable"
    )
    parser.add_argument("--real", type=Path, help="the folder that `collect` filled")
    parser.add_argument(
        "--network",
        choices=["student", "teacher", "shipped"],
        default="student",
        help="which the engine is to run",
    )
    parser.add_argument(
        "--teacher-network", type=Path, help="an exported teacher's .xml, for cleaning and the student"
    )
    parser.add_argument(
        "--drawn-share", type=float, default=1.0, help="of the pictures of each kind; fewer are ready sooner"
    )
    parser.add_argument("--only", help="for `collect`: one source's name")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2, help="of one thread each")
    for who in ("teacher", "student"):
        parser.add_argument(f"--{who}-samples", type=int, help=f"end the {who} after so many")
        parser.add_argument(
            f"--{who}-minutes", type=float, help=f"end the {who} after so many, if that is sooner"
        )
    options = parser.parse_args()
    if options.command == "collect":
        from altaloud.training.collecting import collect

        collect(options.data, options.work / "packages", options.only, print)
        return
    _run(options)


def _run(options: argparse.Namespace) -> None:
    from altaloud.training import distilling, run, teaching

    plan = run.Plan(
        data=options.data,
        work=options.work,
        fonts=tuple(options.fonts or [_SYSTEM_FONTS]),
        seed=options.seed,
        processes=options.processes,
        teacher=_within(teaching.SCHEDULE, options.teacher_samples, options.teacher_minutes),
        student=_within(distilling.SCHEDULE, options.student_samples, options.student_minutes),
        exported_teacher=options.teacher_network,
        drawn_share=options.drawn_share,
        real=options.real,
    )
    if options.command == "evaluate":
        from altaloud.training.evaluate import evaluate

        evaluate(plan, options.network, run.say)
        return
    run.draw_everything(plan)
    if options.command in ("train", "teacher"):
        run.train_teacher(plan)
        run.export_trained_teacher(plan)
    if options.command in ("train", "clean"):
        from altaloud.training.cleaning import clean

        clean(plan, run.say)
    if options.command in ("train", "student"):
        run.train_student(plan)


def _within(schedule: Any, samples: int | None, minutes: float | None) -> Any:
    """Return a schedule with other limits, where they are given."""
    return replace(schedule, samples=samples or schedule.samples, minutes=minutes or schedule.minutes)


if __name__ == "__main__":
    main()
