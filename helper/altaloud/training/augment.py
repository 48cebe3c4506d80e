"""Chance applied to icons and pictures, on tensors, so that one drawing is never seen twice alike.

Icons move, turn, thicken, change colours, sit on buttons and gradients and come in few pixels; pictures
move, zoom, fade and turn grey. What `prepare` undoes in use (dark backgrounds, wide borders) is not done
here.
"""

import math
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional

from altaloud.vision.starter_input import SIDE

_GREY = torch.tensor([0.3, 0.59, 0.11])
_LEAST_CONTRAST = 0.2  # of luminance, between ink and background
_ON_BUTTON = 0.16
_SMALL_SIDES = (12, 14, 16, 16, 18, 20, 24, 24, 28, 32, 40, 48)


@dataclass(frozen=True, slots=True)
class Movement:
    """How far pictures are moved: all in shares of the picture, but for the turn in radians."""

    smallest: float
    largest: float
    turn: float
    shift: float
    squeeze: float


_ICON_MOVEMENT = Movement(0.88, 1.3, 0.09, 0.09, 0.08)
_PICTURE_MOVEMENT = Movement(0.8, 1.05, 0.05, 0.1, 0.1)


class Chance:
    """Draws with one generator, so that a step's seed says all."""

    def __init__(self, generator: torch.Generator) -> None:
        self.generator = generator

    def uniform(self, *shape: int, low: float = 0.0, high: float = 1.0) -> Tensor:
        """Return float32 of a shape."""
        return torch.rand(shape, generator=self.generator) * (high - low) + low

    def one(self, low: float = 0.0, high: float = 1.0) -> float:
        """Return one number."""
        return float(self.uniform(1, low=low, high=high))

    def choice(self, values: tuple[int, ...]) -> int:
        """Return one of some values."""
        return values[int(torch.randint(len(values), (1,), generator=self.generator))]


def icons(drawn: Tensor, plain: Tensor, chance: Chance) -> Tensor:
    """Return icons as pages might show them.

    Args:
        drawn: float32 (icons, 4, SIDE, SIDE), RGBA in 0..1.
        plain: bool (icons,); a plain icon is a mask that takes any colour, another keeps its colours.
        chance: Where chance comes from.

    Returns:
        float32 (icons, 3, SIDE, SIDE) in 0..1.
    """
    many = len(drawn)
    colours = drawn[:, :3] * drawn[:, 3:]  # premultiplied, so that moving does not bleed black
    layers = torch.cat([colours, drawn[:, 3:]], dim=1)
    on_button = chance.uniform(many) < _ON_BUTTON
    moves = _moves(many, _ICON_MOVEMENT, chance)
    moves[on_button, :, :2] *= 1.45
    layers = functional.grid_sample(
        layers, functional.affine_grid(moves, list(layers.shape), align_corners=False), align_corners=False
    )
    mask = _thickened(layers[:, 3:], plain, chance)
    ink, ground = _ink_and_ground(many, chance)
    is_plain = plain[:, None, None, None].float()
    sign = layers[:, :3] * (1 - is_plain) + ink * mask * is_plain
    shown = sign + ground * (1 - mask)
    if bool(on_button.any()):
        shown[on_button] = _buttons(sign, mask, ink, is_plain, chosen=on_button, chance=chance)
    return shown


def plain_icons(drawn: Tensor, ground: float = 1.0, ink: float = 0.1) -> Tensor:
    """Return icons as drawn, one grey on another; coloured ones keep their colours (black ones are ink)."""
    mask = drawn[:, 3:]
    colours = drawn[:, :3].clamp(min=ink)
    return colours * mask + ground * (1 - mask)


def pictures(canonical: Tensor, chance: Chance, *, may_flip: Tensor) -> Tensor:
    """Return pictures moved and faded: float32 (pictures, 3, SIDE, SIDE) from any square size."""
    many = len(canonical)
    moves = _moves(many, _PICTURE_MOVEMENT, chance)
    moves[may_flip & (chance.uniform(many) < 0.5), :, 0] *= -1
    grid = functional.affine_grid(moves, [many, 3, SIDE, SIDE], align_corners=False)
    shown = functional.grid_sample(canonical, grid, align_corners=False, padding_mode="border")
    shown = shown * chance.uniform(many, 1, 1, 1, low=0.8, high=1.15) + chance.uniform(
        many, 1, 1, 1, low=-0.08, high=0.08
    )
    grey = chance.uniform(many) < 0.12
    shown[grey] = shown[grey].mean(dim=1, keepdim=True).expand(-1, 3, -1, -1)
    return shown.clamp(0, 1)


def coarsened(shown: Tensor, share: float, chance: Chance) -> Tensor:
    """Bring a share of the pictures down to few pixels and back, as small icons are."""
    chosen = torch.randperm(len(shown), generator=chance.generator)[: int(len(shown) * share)]
    for part in chosen.chunk(5):
        side = chance.choice(_SMALL_SIDES)
        small = functional.interpolate(shown[part], size=(side, side), mode="area")
        shown[part] = functional.interpolate(
            small, size=(SIDE, SIDE), mode="bicubic", align_corners=False
        ).clamp(0, 1)
    return shown


def noisy(shown: Tensor, chance: Chance) -> Tensor:
    """Add grain to three batches of ten."""
    if chance.one() > 0.3:
        return shown
    grain = torch.randn(shown.shape, generator=chance.generator) * chance.one(0, 0.05)
    return (shown + grain).clamp(0, 1)


def _moves(many: int, movement: Movement, chance: Chance) -> Tensor:
    """Return affine maps, float32 (pictures, 2, 3); a scale above one makes the picture smaller."""
    scale = torch.exp(chance.uniform(many, low=math.log(movement.smallest), high=math.log(movement.largest)))
    turn = chance.uniform(many, low=-movement.turn, high=movement.turn)
    squeeze = torch.exp(chance.uniform(many, low=-movement.squeeze, high=movement.squeeze))
    moves = torch.zeros(many, 2, 3)
    moves[:, 0, 0] = turn.cos() * scale * squeeze
    moves[:, 0, 1] = -turn.sin() * scale
    moves[:, 1, 0] = turn.sin() * scale
    moves[:, 1, 1] = turn.cos() * scale / squeeze
    moves[:, :, 2] = chance.uniform(many, 2, low=-movement.shift, high=movement.shift)
    return moves


def _thickened(mask: Tensor, plain: Tensor, chance: Chance) -> Tensor:
    """Thicken some plain icons by a pixel, thin others by half a pixel."""
    draw = chance.uniform(len(mask))
    thicker, thinner = plain & (draw < 0.12), plain & (draw > 0.9)
    mask = mask.clone()
    mask[thicker] = functional.max_pool2d(mask[thicker], 3, 1, 1)
    eroded = -functional.max_pool2d(-mask[thinner], 3, 1, 1)
    mask[thinner] = 0.5 * mask[thinner] + 0.5 * eroded
    return mask


def _ink_and_ground(many: int, chance: Chance) -> tuple[Tensor, Tensor]:
    """Return ink (icons, 3, 1, 1) and ground (icons, 3, SIDE, SIDE): light, some with a gradient."""
    grey = chance.uniform(many, 1, low=0.75).expand(-1, 3)
    tinted = torch.where(chance.uniform(many, 1) < 0.5, grey, chance.uniform(many, 3))
    ground = torch.where(chance.uniform(many, 1) < 0.5, torch.ones(many, 3), tinted)
    dark = (ground @ _GREY < 0.5)[:, None]
    ground = torch.where(dark, 1 - ground, ground)  # canonical backgrounds are light
    ink = torch.where(
        chance.uniform(many, 1) < 0.45,
        chance.uniform(many, 1, high=0.35).expand(-1, 3),
        chance.uniform(many, 3),
    )
    light = (ground @ _GREY)[:, None]
    too_near = (light - (ink @ _GREY)[:, None]).abs() < _LEAST_CONTRAST
    ink = torch.where(too_near, ink * 0.25 * light, ink)
    fade = torch.linspace(-0.5, 0.5, SIDE)
    slope = chance.uniform(many, 1, 2, low=-0.35, high=0.35) * (chance.uniform(many, 1, 1) < 0.1)
    plane = slope[..., 0, None] * fade[None, None] + 0.0
    shade = plane[:, :, None, :] + (slope[..., 1, None] * fade[None, None])[:, :, :, None]
    return ink[..., None, None], (ground[..., None, None] + shade).clamp(0, 1)


def _buttons(
    sign: Tensor, mask: Tensor, ink: Tensor, is_plain: Tensor, *, chosen: Tensor, chance: Chance
) -> Tensor:
    """Return the chosen icons on filled buttons: a square, a rounded square, a disc."""
    many = int(chosen.sum())
    shape = _shapes()[torch.randint(4, (many,), generator=chance.generator)][:, None]
    page = torch.where(
        chance.uniform(many, 1, 1, 1) < 0.6, 1.0, chance.uniform(many, 1, 1, 1, low=0.6)
    ).expand(-1, 3, -1, -1)
    fill, sign_ink = chance.uniform(many, 3, 1, 1), ink[chosen]
    light = fill.mean(dim=1, keepdim=True)
    unreadable = (light - sign_ink.mean(dim=1, keepdim=True)).abs() < 0.3
    sign_ink = torch.where(unreadable, (light < 0.5).float().expand_as(sign_ink), sign_ink)
    plain, alpha = is_plain[chosen], mask[chosen]
    drawn = plain * sign_ink * alpha + (1 - plain) * sign[chosen]
    return page * (1 - shape) + shape * (drawn + fill * (1 - alpha))


def _shapes() -> Tensor:
    """Return float32 (4, SIDE, SIDE): masks of a square, two rounded squares and a disc."""
    place = torch.linspace(-1, 1, SIDE)
    rows, columns = torch.meshgrid(place, place, indexing="ij")
    half, masks = 0.94, []
    for radius in (0.02, 0.2, 0.45, 0.94):
        across = (columns.abs() - (half - radius)).clamp(min=0)
        down = (rows.abs() - (half - radius)).clamp(min=0)
        masks.append(((radius + 0.02 - (across**2 + down**2).sqrt()) * 24).clamp(0, 1))
    return torch.stack(masks)
