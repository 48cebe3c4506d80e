"""From trained weights to what is shipped: the stock model, its head, and the same as one OpenVINO network.

The stock model (`config.json`, `model.safetensors`, tokenizer and image processor) goes through every tool that
reads BLIP. The engine runs `starter.xml`: vision tower and head in one, without importing torch or transformers.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from altaloud.training.classes import KINDS
from altaloud.training.collection import Collection
from altaloud.training.student import Student
from altaloud.vision.starter_input import SIDE

CLOSE = 1e-3  # largest difference in probabilities between the stock model and the converted one


@dataclass(frozen=True, slots=True)
class Calibration:
    """Fitted on the validation packs; see `calibration`."""

    temperature: float
    icon_threshold: float
    kind_threshold: float
    decorative_threshold: float


class _Scorer(nn.Module):
    """The stock vision tower and the head: pixels in, class scores out."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.tower, self.head = student.blip.vision_model, student.head

    def forward(self, pixel_values: Tensor) -> Tensor:
        """Return scores (pictures, classes)."""
        tokens = self.tower(pixel_values=pixel_values).last_hidden_state
        scores: Tensor = self.head(tokens[:, 1:].mean(dim=1))
        return scores


def halved(student: Student) -> Student:
    """Round all weights to 16 bits, as shipped, and return the same student."""
    for parameter in student.parameters():
        parameter.data = parameter.data.half().float()
    return student


def export(student: Student, collection: Collection, calibration: Calibration, folder: Path) -> float:
    """Write everything but the model card; return the largest difference in probabilities from the stock model.

    Raises:
        ValueError: The converted model differs by more than `CLOSE`.
    """
    folder.mkdir(parents=True, exist_ok=True)
    halved(student).eval()
    _stock(student, folder)
    _network(student, folder)
    write_labels(collection, calibration, folder)
    difference = largest_difference(student, folder)
    if difference > CLOSE:
        raise ValueError(f"the converted model differs by {difference:.1e} from the stock one")
    return difference


def write_labels(collection: Collection, calibration: Calibration, folder: Path) -> None:
    """Write what each class is called, and the thresholds."""
    entries: list[dict[str, Any]] = [
        {"icon": name, "spoken": label.spoken, "synonyms": list(label.synonyms), "near": list(label.near)}
        for name, label in collection.labels.items()
    ]
    entries.append({"icon": None})
    entries += [{"kind": kind} for kind in KINDS]
    held = {
        "classes": entries,
        "temperature": round(calibration.temperature, 4),
        "icon_threshold": round(calibration.icon_threshold, 4),
        "kind_threshold": round(calibration.kind_threshold, 4),
        "decorative_threshold": round(calibration.decorative_threshold, 4),
    }
    (folder / "labels.json").write_text(json.dumps(held, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def largest_difference(student: Student, folder: Path) -> float:
    """Return the largest difference in any class's probability over 64 random pictures."""
    import openvino as ov

    pictures = np.random.default_rng(0).uniform(-2.3, 1.0, (64, 3, SIDE, SIDE)).astype(np.float32)
    compiled = ov.compile_model(folder / "starter.xml", "CPU", {"INFERENCE_PRECISION_HINT": "f32"})
    with torch.inference_mode():
        stock = student(torch.from_numpy(pictures)).softmax(1).numpy()
    converted = np.concatenate([compiled(picture[None])[0] for picture in pictures])
    converted = np.exp(converted - converted.max(axis=1, keepdims=True))
    converted /= converted.sum(axis=1, keepdims=True)
    return float(np.abs(stock - converted).max())


def _stock(student: Student, folder: Path) -> None:
    from safetensors.torch import save_file

    student.blip.half().save_pretrained(folder)
    student.blip.float()
    save_file({name: v.half().contiguous() for name, v in student.head.state_dict().items()}, folder / "head.safetensors")
    (folder / "vocab.txt").write_text("\n".join(student.words.words) + "\n", encoding="utf-8")
    tokenizer = {"tokenizer_class": "BertTokenizer", "do_lower_case": True, "pad_token": "[PAD]", "unk_token": "[UNK]"}
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


def _network(student: Student, folder: Path) -> None:
    import openvino as ov

    example = torch.zeros(1, 3, SIDE, SIDE)
    network = ov.convert_model(_Scorer(student).eval(), example_input=example, input=[1, 3, SIDE, SIDE])
    ov.save_model(network, folder / "starter.xml", compress_to_fp16=True)
