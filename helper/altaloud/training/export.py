"""From trained weights to what is shipped: the stock model, its head, and the same as one OpenVINO network.

The stock model (`config.json`, `model.safetensors`, tokenizer and image processor) goes through every tool
that reads BLIP. The engine runs `starter.xml`: vision tower and head in one, without importing torch or
transformers.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from altaloud.training.calibration import LEAST_RELIABLE, Calibration
from altaloud.training.classes import KINDS
from altaloud.training.collection import Collection
from altaloud.training.student import Student
from altaloud.training.teacher import Teacher
from altaloud.vision import silent_openvino
from altaloud.vision.starter_graph import scorer
from altaloud.vision.starter_input import SIDE
from altaloud.vision.starter_model import HEAD, KINDS_FILE

CLOSE = 1e-3  # largest difference in probabilities between the trained model and the converted one
STOCK_FILES = (
    "config.json",
    "generation_config.json",
    "model.safetensors",
    HEAD,
    "vocab.txt",
    "tokenizer_config.json",
    "preprocessor_config.json",
)


class TeacherScorer(nn.Module):
    """The teacher without its features: pixels in, class scores out."""

    def __init__(self, teacher: Teacher) -> None:
        super().__init__()
        self.teacher = teacher

    def forward(self, pixel_values: Tensor) -> Tensor:
        """Return scores (pictures, classes)."""
        scores: Tensor = self.teacher(pixel_values)[2]
        return scores


def export_student(student: Student, folder: Path) -> float:
    """Write the stock model and the converted one; return how far they are apart.

    Raises:
        ValueError: They differ by more than `CLOSE`.
    """
    halved(student)
    folder.mkdir(parents=True, exist_ok=True)
    _stock(student, folder)
    return _written(scorer(folder), student, folder)


def export_teacher(teacher: Teacher, folder: Path) -> float:
    """Write the teacher alone, converted; return how far it is from the one that was trained.

    Raises:
        ValueError: They differ by more than `CLOSE`.
    """
    halved(teacher)
    folder.mkdir(parents=True, exist_ok=True)
    for name in STOCK_FILES:
        (folder / name).unlink(missing_ok=True)
    alone = TeacherScorer(teacher).eval()
    convert, example = silent_openvino.load_convert_model(), torch.zeros(1, 3, SIDE, SIDE)
    return _written(convert(alone, example_input=example, input=[1, 3, SIDE, SIDE]), alone, folder)


def halved(network: nn.Module) -> None:
    """Round all weights to 16 bits, as shipped, and make the network ready for use."""
    for parameter in network.parameters():
        parameter.data = parameter.data.half().float()
    network.eval()


@dataclass(frozen=True, slots=True)
class Origin:
    """Which network is shipped, and what it learned from."""

    network: str  # "student" or "teacher"
    samples: int
    minutes: float
    set_aside: int  # icons that `clean` found doubtful


def origin(folder: Path) -> Origin:
    """Return where the shipped network comes from."""
    return Origin(**json.loads((folder / "labels.json").read_text(encoding="utf-8"))["origin"])


def shipped_reliability(folder: Path) -> dict[str, float]:
    """Return how reliable each label was found when the shipped network was trained."""
    held = json.loads((folder / "labels.json").read_text(encoding="utf-8"))
    return {entry["icon"]: entry["reliability"] for entry in held["classes"] if entry.get("icon")}


def write_labels(collection: Collection, calibration: Calibration, origin: Origin, folder: Path) -> None:
    """Write what each class is called, the thresholds, and what kinds are told by."""
    entries: list[dict[str, Any]] = [
        {
            "icon": name,
            "spoken": label.spoken,
            "synonyms": list(label.synonyms),
            "near": list(label.near),
            "reliability": round(calibration.reliability[name], 3),
        }
        for name, label in collection.labels.items()
    ]
    entries.append({"icon": None})
    entries += [{"kind": kind} for kind in KINDS]
    held = {
        "classes": entries,
        "origin": asdict(origin),
        "naming": asdict(calibration.naming),
        "least_reliability": LEAST_RELIABLE,
        "icon_threshold": round(calibration.icon_threshold, 4),
        "kind_threshold": round(calibration.kind_threshold, 4),
        "decorative_threshold": round(calibration.decorative_threshold, 4),
    }
    lines = [f"{json.dumps(name)}: {_lines(value)}" for name, value in held.items()]
    (folder / "labels.json").write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    np.savez_compressed(folder / KINDS_FILE, **calibration.kind_head.arrays())


def _lines(value: Any) -> str:
    """Return JSON with one line for each entry of a list, and for each vector of numbers."""
    if isinstance(value, list) and value and not isinstance(value[0], float):
        return "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in value) + "\n]"
    if isinstance(value, dict):
        return (
            "{\n"
            + ",\n".join(f"{json.dumps(name)}: {_lines(entry)}" for name, entry in value.items())
            + "\n}"
        )
    return json.dumps(value, ensure_ascii=False)


def _stock(student: Student, folder: Path) -> None:
    from safetensors.torch import save_file

    student.blip.half().save_pretrained(folder)
    student.blip.float()
    save_file(
        {name: v.half().contiguous() for name, v in student.head.state_dict().items()},
        folder / HEAD,
    )
    (folder / "vocab.txt").write_text("\n".join(student.words.words) + "\n", encoding="utf-8")
    tokenizer = {
        "tokenizer_class": "BertTokenizer",
        "do_lower_case": True,
        "pad_token": "[PAD]",
        "unk_token": "[UNK]",
    }
    tokenizer |= {"bos_token": "[BOS]", "sep_token": "[SEP]", "cls_token": "[BOS]", "mask_token": "[UNK]"}
    (folder / "tokenizer_config.json").write_text(json.dumps(tokenizer, indent=1) + "\n", encoding="utf-8")
    processor = {
        "image_processor_type": "BlipImageProcessor",
        "do_resize": False,  # `starter_input.prepare` has done it, and more
        "do_rescale": True,
        "do_normalize": True,
        "image_mean": [0.7] * 3,
        "image_std": [0.3] * 3,
        "size": {"height": SIDE, "width": SIDE},
    }
    (folder / "preprocessor_config.json").write_text(json.dumps(processor, indent=1) + "\n", encoding="utf-8")


def _written(network: Any, trained: nn.Module, folder: Path) -> float:
    """Write a network; return the largest difference in any class's probability over random pictures."""
    ov = silent_openvino.load()
    ov.save_model(network, folder / "starter.xml", compress_to_fp16=True)
    pictures = np.random.default_rng(0).uniform(-2.3, 1.0, (64, 3, SIDE, SIDE)).astype(np.float32)
    compiled = ov.compile_model(folder / "starter.xml", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    with torch.inference_mode():
        expected = trained(torch.from_numpy(pictures)).softmax(1).numpy()
    scores = np.concatenate([compiled(picture[None])[0] for picture in pictures])
    converted = np.exp(scores - scores.max(axis=1, keepdims=True))
    converted /= converted.sum(axis=1, keepdims=True)
    difference = float(np.abs(expected - converted).max())
    if difference > CLOSE:
        raise ValueError(f"the converted model differs by {difference:.1e} from the trained one")
    return difference
