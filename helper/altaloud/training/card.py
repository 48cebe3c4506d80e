"""The model card: what the model is, is for, is not for, and how good it is, with intervals."""

from dataclasses import dataclass

from altaloud.training.calibration import LEAST_RELIABLE, Calibration
from altaloud.training.export import Origin
from altaloud.training.measuring import IconFigures
from altaloud.training.scoring import Share
from altaloud.vision.kinds import Kind


@dataclass(frozen=True, slots=True)
class Figures:
    """Everything that the card states."""

    plain: IconFigures  # test packs, dark on white at 48 px
    mixed: IconFigures  # the same, as pages mix sizes and colours
    plain_judged: IconFigures  # with names that people found right though the label says otherwise
    mixed_judged: IconFigures
    robust: dict[str, IconFigures]
    not_icons: dict[str, Share]  # by kind: given an icon's name
    not_icon: Share
    drawn_kind: Share
    real_kind: Share
    real_kind_when_said: Share
    real_by_kind: dict[str, Share]
    real_sources: dict[str, int]
    decorative: Share
    confusion: dict[str, dict[str, int]]
    worst: list[tuple[str, Share, str]]
    packs: dict[str, IconFigures]
    groups: dict[str, IconFigures]


def card(figures: Figures, held: Calibration, origin: Origin) -> str:
    """Return the card in Markdown."""
    parts = [
        _HEAD,
        _STUDENT if origin.network == "student" else _TEACHER,
        _FILES,
        _main_table(figures),
        _calibration(held, origin),
        _cleaning(held, origin.set_aside),
        _robustness(figures),
        _kinds(figures),
        _labels(figures),
        _TAIL,
    ]
    return "\n\n".join(part.strip() for part in parts) + "\n"


def _main_table(figures: Figures) -> str:
    plain, mixed = figures.plain, figures.mixed
    judged = figures.plain_judged
    rows = [
        _must("icon named, strict label", plain.strict, 0.77),
        _must("the same, synonyms and near names right", plain.lenient, 0.84),
        _must("icons it names (coverage)", plain.coverage, 0.65),
        _must("precision of the names it says, by the labels", plain.precision, 0.97),
        _must("precision of the names it says, disputed ones looked at", judged.precision, 0.97),
        _must("precision if it named 65 %, by the labels", plain.precision_at_65, 0.97),
        _must("precision if it named 65 %, disputed ones looked at", judged.precision_at_65, 0.97),
        _must("a name for what is no icon", figures.not_icon, 0.005, at_most=True),
        _must("a name for an icon outside the vocabulary", plain.unknown_named, 0.02, at_most=True),
        _must("a wrong name for it, disputed ones looked at", judged.unknown_named, 0.02, at_most=True),
        _must("kind, real pages", figures.real_kind, 0.94),
        _plain("kind, real pages, where it says one", figures.real_kind_when_said),
        _plain("kind, our own drawings and photographs", figures.drawn_kind),
        _must("content called decorative or blank", figures.decorative, 0.0, at_most=True),
        _error("calibration error, 15 bins, by the labels", plain.calibration),
        _error("calibration error, disputed ones looked at", judged.calibration),
        _plain("strict, as pages mix sizes and colours", mixed.strict),
        _plain("lenient, as pages mix them", mixed.lenient),
        _plain("coverage, as pages mix them", mixed.coverage),
        _plain("precision of the names it says, as pages mix them, by the labels", mixed.precision),
        _plain("the same, disputed ones looked at", figures.mixed_judged.precision),
        _plain(
            "a wrong name for an icon outside the vocabulary, likewise", figures.mixed_judged.unknown_named
        ),
        f"| calibration error, likewise | {figures.mixed_judged.calibration:.3f} | | |",
    ]
    head = ["| what | measured (95 % interval) | must | |", "| --- | --- | --- | --- |"]
    return "\n".join(["## Figures", "", _ABOUT_FIGURES, "", *head, *rows])


def _must(what: str, share: Share, must: float, *, at_most: bool = False) -> str:
    reached = share.value <= must if at_most else share.value >= must
    wanted = f"{'≤' if at_most else '≥'} {must * 100:g} %"
    return f"| {what} | {share} | {wanted} | {'reached' if reached else '**missed**'} |"


def _error(what: str, error: float) -> str:
    return f"| {what} | {error:.3f} | ≤ .03 | {'reached' if error <= 0.03 else '**missed**'} |"


def _plain(what: str, share: Share) -> str:
    return f"| {what} | {share} | | |"


def _calibration(held: Calibration, origin: Origin) -> str:
    return (
        f"An icon is named from {held.icon_threshold:.3f}, a kind said from {held.kind_threshold:.2f}, "
        f"decoration from {held.decorative_threshold:.3f} (above 1: never by the model), all fitted on the "
        "validation packs and tuning pictures alone. How sure a name is comes of a logistic model of seven "
        "witnesses (`starter_naming`), how sure a kind is of pictures whose source the head had not seen."
        f"\n\nThe network learned from {origin.samples:,} samples in {origin.minutes:.0f} minutes on two CPU "
        "cores that other work shared."
    )


def _cleaning(held: Calibration, set_aside: int) -> str:
    weak = sorted(name for name, share in held.reliability.items() if share < LEAST_RELIABLE)
    return (
        "## Labels that others contradict\n\n"
        f"`clean` set {set_aside:,} training icons aside: those whose label fits neither the teacher nor "
        "the nearest icons of other packs, which agree on another name. The student learns nothing from "
        "them (the CNN had learned from them before). The same neighbours tell how reliable each name is: "
        "how often an icon has it, when the nearest of other packs agree on it. "
        f"Never said, as less than {LEAST_RELIABLE:.0%} reliable: {', '.join(weak) or 'none'}."
    )


def _robustness(figures: Figures) -> str:
    lines = ["## Robustness", "", "300 icons of the test packs, one condition at a time.", ""]
    lines += ["| condition | strict | lenient | precision where named | named | known as an icon |"]
    lines += ["| --- | --- | --- | --- | --- | --- |"]
    for name, one in figures.robust.items():
        low, high = one.lenient.interval
        lines.append(
            f"| {name} | {one.strict.value:.1%} | {one.lenient.value:.1%} ({low:.1%} to {high:.1%}) | "
            f"{one.precision.value:.1%} of {one.precision.many} | {one.coverage.value:.0%} | "
            f"{one.kind.value:.1%} |"
        )
    return "\n".join(lines)


def _kinds(figures: Figures) -> str:
    columns = [kind.value for kind in Kind]
    lines = [
        "## Kinds on real pictures",
        "",
        "Rows are true, columns are said.",
        "",
        f"| | {' | '.join(columns)} |",
    ]
    lines.append("| --- " * (len(columns) + 1) + "|")
    for truth, row in sorted(figures.confusion.items()):
        lines.append(f"| {truth} | {' | '.join(str(row.get(column, '')) for column in columns)} |")
    lines += ["", "| trained kind | right |", "| --- | --- |"]
    lines += [f"| {kind} | {share} |" for kind, share in figures.real_by_kind.items()]
    lines += ["", "What the pictures are, by kind and source: " + ", ".join(
        f"{name} {count}" for name, count in sorted(figures.real_sources.items())) + "."]  # fmt: skip
    lines += ["", "| no icon, but named as one (drawn, photographs and real) | |", "| --- | --- |"]
    lines += [f"| {kind} | {share} |" for kind, share in figures.not_icons.items()]
    return "\n".join(lines)


def _labels(figures: Figures) -> str:
    lines = ["## Labels and packs", "", "The twenty labels named worst (synonyms and near names right):", ""]
    lines += ["| label | right | mostly taken for |", "| --- | --- | --- |"]
    lines += [
        f"| {label} | {share.some} of {share.many} | {usual} |" for label, share, usual in figures.worst
    ]
    lines += [
        "",
        "`confusions.png` shows the surest mistakes: true label above, said below. Some labels are doubtful.",
        "",
    ]
    lines += ["| group of labels | strict | lenient | precision where named | named |"]
    lines += ["| --- | --- | --- | --- | --- |", *_rows(figures.groups), ""]
    lines += [
        "| test pack | strict | lenient | precision where named | named |",
        "| --- | --- | --- | --- | --- |",
    ]
    return "\n".join([*lines, *_rows(figures.packs)])


def _rows(named: dict[str, IconFigures]) -> list[str]:
    return [
        f"| {name} | {one.strict} | {one.lenient.value:.1%} | "
        f"{one.precision.value:.1%} of {one.precision.many} | {one.coverage.value:.0%} |"
        for name, one in named.items()
    ]


_HEAD = """
# The starter model

It says what **kind** an image is (photo, icon, text, screenshot, chart and which, table, logo, decorative,
blank) and **names interface icons** with 355 labels, from 64 x 64 pixels. Below its thresholds it says
nothing. It works offline and stays in front of the captioning model.

Not for: people, brands, medicine, money, numbers or trends in charts, or anything but naming a kind and an
icon. It names no logo. A kind that it calls `decorative` needs other evidence (size, emptiness, layout)
before silence follows.

Trained on 117 openly licensed icon packs, on photographs of Caltech-101 and of the Grocery Store Dataset,
on charts, tables, texts, screenshots, logos, illustrations and decorations that `altaloud.training.drawing`
draws, and on real pictures of the same kinds out of open packages (`altaloud.training.collecting`), of makers
of which none was tuned or measured on; `NOTICE` credits all. The photographs are few and of few subjects.
About 5 % of the icons' labels are doubtful: see below.

The network's sums for icons and for each kind, with traits that are counted (`starter_traits`: size,
colours, how neighbours differ), go through the kind head, which has the last word on kinds: a small
perceptron and 80 random trees (`starter_kinds`). One colour is blank by counting alone. Of the real pictures
that teach, those of KiCad, TortoiseHg, GNOME's demos, Texmaker, TeXstudio, Django, Apache, UIkit and
Materialize taught the kind head alone, not the network.
"""
_STUDENT = """
The network is a stock BLIP (`BlipForConditionalGeneration`, 4.0 M parameters) with a linear head on the
mean of its 64 patch tokens. Its decoder writes the same as a sentence ("icon search", "bar chart"). It was
distilled from a residual CNN of 1.6 M parameters.
"""
_TEACHER = """
**The network in this folder is the teacher, a residual CNN of 1.6 M parameters, not the stock BLIP student**
that is distilled from it. Input, classes, files and use are the same; `student` and `evaluate` below make
the student and put it in its place.
"""
_FILES = """
| file | what |
| --- | --- |
| `starter.xml`, `starter.bin` | the network for OpenVINO, 16 bits; what was trained within 1e-3 |
| `labels.json` | classes, spoken names, synonyms, near names; weights of the witnesses, thresholds |
| `kinds.npz` | the kind head: a perceptron and trees |
| `model.safetensors`, `head.safetensors`, `config.json`, ... | with the student: the stock model |
| `confusions.png` | the surest mistakes on test packs |
"""
_ABOUT_FIGURES = """
Icons: ten test packs of other drawing styles, drawn at 48 px dark on white, neither trained nor tuned on;
"near" and synonyms as in `labels.json`. Real pages: see below. What is no icon: photographs of subjects
that were not trained on, drawings with seeds that were not trained on, and the real pictures.

"Disputed ones looked at": labels come from the packs' names and are sometimes wrong (a laptop called
"notebook" is labelled "book", "zoomin" nothing). Every name said
against the label was looked at; those in `training/judged.json` were found right. Names that agree with the
label were not looked at, so these figures are on the kind side.
"""
_TAIL = """
## Training it again

    python -m altaloud.training collect REAL --work WORK
    python -m altaloud.training train DATA --work WORK --fonts FONTS --real REAL
    python -m altaloud.training evaluate DATA --work WORK --fonts FONTS --real REAL

`DATA` holds the icons and photographs, `WORK` takes drawings and checkpoints (an interrupted training goes
on where it was; the rate of learning is down to nothing at the end of its minutes), `FONTS` is any folder of
fonts (several may be given), `REAL` holds what `collect` finds: `teach`, `tune` and `test`, each with
`KIND/SOURCE__N.png`. `train` is the steps `teacher`, `clean` and `student`; the last two can be told of an
exported teacher with `--teacher-network`.
`evaluate --network shipped` calibrates and measures the network that is there. First a small CNN, the
teacher, learns from the labels; then the student learns to agree with it, to see what it sees, and to write
the name as a sentence ("icon search", "bar chart").
"""
