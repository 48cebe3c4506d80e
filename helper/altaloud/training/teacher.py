"""The teacher: a small residual CNN, which learns icons in minutes where a fresh transformer needs hours.

Only its opinions are shipped: the student is trained to agree with it.
"""

import torch
from torch import Tensor, nn

_WIDTH = 32  # channels of the first layer; 1.6 M parameters


class Residual(nn.Module):
    """Two 3 x 3 convolutions beside a shortcut (He et al. 2015, https://arxiv.org/abs/1512.03385)."""

    def __init__(self, channels_in: int, channels_out: int, stride: int) -> None:
        super().__init__()
        self.first = nn.Conv2d(channels_in, channels_out, 3, stride, 1, bias=False)
        self.first_norm = nn.BatchNorm2d(channels_out)
        self.second = nn.Conv2d(channels_out, channels_out, 3, 1, 1, bias=False)
        self.second_norm = nn.BatchNorm2d(channels_out)
        self.shortcut: nn.Module = nn.Identity()
        if stride > 1 or channels_in != channels_out:
            self.shortcut = nn.Sequential(
                nn.Conv2d(channels_in, channels_out, 1, stride, bias=False), nn.BatchNorm2d(channels_out)
            )

    def forward(self, seen: Tensor) -> Tensor:
        """Return features, (pictures, channels_out, rows / stride, columns / stride)."""
        inner = torch.relu(self.first_norm(self.first(seen)))
        return torch.relu(self.second_norm(self.second(inner)) + self.shortcut(seen))


class Teacher(nn.Module):
    """Pictures in; features at 8 x 8 and 4 x 4 and class scores out."""

    middle_channels = 4 * _WIDTH
    last_channels = 8 * _WIDTH

    def __init__(self, classes: int) -> None:
        super().__init__()
        width = _WIDTH
        self.stem = nn.Sequential(
            nn.Conv2d(3, width, 3, 2, 1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(),
            Residual(width, 2 * width, 2),
        )
        self.middle = nn.Sequential(Residual(2 * width, 4 * width, 2), Residual(4 * width, 4 * width, 1))
        self.last = Residual(4 * width, 8 * width, 2)
        self.head = nn.Sequential(nn.Dropout(0.15), nn.Linear(8 * width, classes))

    def forward(self, pictures: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Return features (pictures, channels, 8, 8) and (.., 4, 4), and scores (pictures, classes)."""
        middle = self.middle(self.stem(pictures))
        last = self.last(middle)
        return middle, last, self.head(last.mean(dim=(2, 3)))


def channels_last(teacher: Teacher) -> Teacher:
    """Lay the weights out with channels last, which CPUs convolve a third faster; return the same network."""
    for parameter in teacher.parameters():
        if parameter.ndim == 4:
            parameter.data = parameter.data.contiguous(memory_format=torch.channels_last)
    return teacher
