"""The exported teacher, run by OpenVINO, with the feature maps that a student learns to see.

Quicker than torch on a CPU, and nothing but two files is needed to train a student again.
"""

from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from altaloud.training.precision import has_quick_bfloat16
from altaloud.vision import silent_openvino
from altaloud.vision.starter_input import SIDE

MIDDLE, LAST = 128, 256  # channels of the two maps: (128, 8, 8) and (256, 4, 4)
_MIDDLE_NODE = "__module.teacher.middle.1/aten::relu/Relu_1"
_LAST_NODE = "__module.teacher.last/aten::relu/Relu_1"
_BATCH = 16


class Seeing:
    """Pictures in; features at 8 x 8 and 4 x 4 and class scores out. It learns nothing any more."""

    def __init__(self, network: Path) -> None:
        """Load `network`, the teacher's `.xml` with its `.bin` beside it.

        Raises:
            ValueError: It is another network.
        """
        core = silent_openvino.load().Core()
        model = core.read_model(network)
        nodes = {node.get_friendly_name(): node for node in model.get_ordered_ops()}
        if not {_MIDDLE_NODE, _LAST_NODE} <= nodes.keys():
            raise ValueError(f"{network} is no exported teacher; train one, or give --teacher-network")
        model.add_outputs([nodes[_MIDDLE_NODE].output(0), nodes[_LAST_NODE].output(0)])
        model.reshape([_BATCH, 3, SIDE, SIDE])
        settings = {
            "INFERENCE_NUM_THREADS": 1,
            "PERFORMANCE_HINT": "LATENCY",
            "INFERENCE_PRECISION_HINT": "bf16" if has_quick_bfloat16() else "f32",
        }
        self._network = core.compile_model(model, "CPU", settings)

    def __call__(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return features (pictures, 128, 8, 8) and (.., 256, 4, 4), and scores (pictures, classes)."""
        parts = [self._look(part.numpy()) for part in torch.split(pictures, _BATCH)]
        scores, middle, last = (torch.from_numpy(np.concatenate(maps)) for maps in zip(*parts, strict=True))
        return middle, last, scores

    def _look(self, pictures: NDArray[np.float32]) -> list[NDArray[Any]]:
        many = len(pictures)
        if many < _BATCH:
            empty = np.zeros((_BATCH - many, *pictures.shape[1:]), np.float32)
            pictures = np.concatenate([pictures, empty])
        seen = self._network(np.ascontiguousarray(pictures))
        return [seen[place][:many].copy() for place in range(3)]
