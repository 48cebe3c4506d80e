"""Screenshots: pages, windows, forms, telephones, terminals in a frame."""

from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

from altaloud.training.drawing.brush import WHITE, Brush, Colour, blend, readable_on
from altaloud.training.drawing.decorations import gradient


@dataclass(frozen=True, slots=True)
class Look:
    """A program's theme."""

    page: Colour
    ink: Colour
    accent: Colour
    field: Colour  # of panels and inputs
    font: ImageFont.FreeTypeFont
    line: int  # height of a line of text, in pixels


def screenshot(brush: Brush) -> Image.Image:
    """Draw a screenshot of a page, a program's window or a telephone."""
    telephone = brush.chance(0.2)
    width, height = (
        (brush.randint(140, 260), brush.randint(280, 460))
        if telephone
        else (
            brush.randint(240, 720),
            brush.randint(160, 480),
        )
    )
    dark = brush.chance(0.3)
    page = brush.grey(15, 50) if dark else brush.choice([WHITE, brush.grey(235, 252)])
    ink = brush.grey(200, 245) if dark else brush.grey(10, 80)
    size = brush.randint(7, 14)
    look = Look(page, ink, brush.colour(20, 220), blend(page, ink, 0.07), brush.font(size), round(size * 1.5))
    image = Image.new("RGB", (width, height), page)
    draw = ImageDraw.Draw(image)
    top = _bar(brush, draw, look, width)
    if brush.chance(0.25):
        top = _hero(brush, image, look, top)
    left = 0
    if not telephone and brush.chance(0.5):
        left = _side(brush, draw, look, top, height)
    _body(brush, image, look, (left + 8, top + 6, width - 8, height - 4))
    if brush.chance(0.15):
        _dialogue(brush, draw, look, (width, height))
    return _framed(brush, image) if brush.chance(0.25) else image


def _bar(brush: Brush, draw: ImageDraw.ImageDraw, look: Look, width: int) -> int:
    """Draw the title or menu bar; return where it ends."""
    if brush.chance(0.1):
        return 2
    bottom = brush.randint(look.line, look.line * 3)
    fill = look.accent if brush.chance(0.5) else look.field
    draw.rectangle([0, 0, width, bottom], fill=fill)
    x, y = 8.0, (bottom - look.line) / 2
    if brush.chance(0.35):
        for colour in [(255, 95, 86), (255, 189, 46), (39, 201, 63)]:
            draw.ellipse([x, bottom / 2 - 4, x + 8, bottom / 2 + 4], fill=colour)
            x += 13
    for _ in range(brush.randint(1, 6)):
        said = brush.word().title()
        draw.text((x, y), said, fill=readable_on(fill), font=look.font)
        x += look.font.getlength(said) + 14
    return bottom


def _hero(brush: Brush, image: Image.Image, look: Look, top: int) -> int:
    """Draw a page's large picture with its heading; return where it ends."""
    height = brush.randint(40, max(41, image.height // 3))
    image.paste(gradient(brush, (image.width, height)), (0, top))
    font = brush.font(look.line * brush.uniform(1.2, 2))
    ImageDraw.Draw(image).text(
        (14, top + height / 4), brush.words(2, 4), fill=brush.choice([WHITE, look.ink]), font=font
    )
    return top + height


def _side(brush: Brush, draw: ImageDraw.ImageDraw, look: Look, top: int, height: int) -> int:
    """Draw a side bar with a menu; return its width."""
    width, y = brush.randint(50, 130), top + 8
    draw.rectangle([0, top, width, height], fill=look.field)
    chosen = brush.randint(0, 6)
    for number in range(brush.randint(3, 14)):
        if number == chosen:
            draw.rectangle([0, y - 2, width, y + look.line - 2], fill=look.accent)
        ink = readable_on(look.accent) if number == chosen else look.ink
        if brush.chance(0.4):
            draw.ellipse([5, y + 2, 12, y + 9], outline=ink)
        draw.text((16, y), brush.word().title(), fill=ink, font=look.font)
        y += look.line + 4
    return width


def _body(brush: Brush, image: Image.Image, look: Look, box: tuple[int, int, int, int]) -> None:
    """Fill the page with rows of what programs are made of."""
    draw, (left, top, right, bottom) = ImageDraw.Draw(image), box
    part, y = brush.choice(_PARTS), float(top)
    while y < bottom - look.line:
        if brush.chance(0.35):
            part = brush.choice(_PARTS)
        y += part(brush, image, draw, look, (left, y, right)) + brush.choice([2, 4, 8, 14])


Row = tuple[float, float, float]  # left, top, right


def _prose(brush: Brush, image: Image.Image, draw: ImageDraw.ImageDraw, look: Look, row: Row) -> float:
    ink = look.ink if brush.chance(0.85) else look.accent
    many = max(2, int((row[2] - row[0]) / look.line / 3))
    said = brush.words(1, many)
    draw.text((row[0], row[1]), said, fill=ink, font=look.font)
    return look.line


def _heading(brush: Brush, image: Image.Image, draw: ImageDraw.ImageDraw, look: Look, row: Row) -> float:
    draw.text((row[0], row[1]), brush.words(1, 3), fill=look.ink, font=brush.font(look.line * 1.2))
    return look.line * 1.8


def _field(brush: Brush, image: Image.Image, draw: ImageDraw.ImageDraw, look: Look, row: Row) -> float:
    middle = row[0] + (row[2] - row[0]) * 0.35
    draw.text((row[0], row[1] + 2), brush.words(1, 2), fill=look.ink, font=look.font)
    edge = blend(look.page, look.ink, 0.4)
    draw.rounded_rectangle(
        [middle, row[1], row[2] - 4, row[1] + look.line + 4], 3, fill=look.field, outline=edge
    )
    if brush.chance(0.5):
        draw.text((middle + 5, row[1] + 2), brush.words(1, 2), fill=edge, font=look.font)
    return look.line + 6


def _buttons(brush: Brush, image: Image.Image, draw: ImageDraw.ImageDraw, look: Look, row: Row) -> float:
    x = row[0]
    for number in range(brush.randint(1, 3)):
        said = brush.word().title()
        wide = look.font.getlength(said) + 18
        fill = look.accent if number == 0 else look.field
        draw.rounded_rectangle([x, row[1], x + wide, row[1] + look.line + 6], brush.randint(0, 8), fill=fill)
        draw.text((x + 9, row[1] + 3), said, fill=readable_on(fill), font=look.font)
        x += wide + 8
    return look.line + 8


def _cards(brush: Brush, image: Image.Image, draw: ImageDraw.ImageDraw, look: Look, row: Row) -> float:
    many, height = brush.randint(2, 4), brush.randint(40, 110)
    span = (row[2] - row[0]) / many
    for number in range(many):
        left = row[0] + number * span
        draw.rounded_rectangle([left, row[1], left + span - 8, row[1] + height], 5, fill=look.field)
        if brush.chance(0.6) and span > 24:
            image.paste(gradient(brush, (int(span - 12), height // 2)), (int(left + 2), int(row[1] + 2)))
        draw.text(
            (left + 5, row[1] + height * 0.6),
            brush.words(1, 2)[: int(span / 6)],
            fill=look.ink,
            font=look.font,
        )
    return height


def _grid(brush: Brush, image: Image.Image, draw: ImageDraw.ImageDraw, look: Look, row: Row) -> float:
    rows, columns = brush.randint(2, 6), brush.randint(2, 5)
    span, rule = (row[2] - row[0]) / columns, blend(look.page, look.ink, 0.2)
    for line in range(rows):
        y = row[1] + line * (look.line + 2)
        draw.line([(row[0], y), (row[2], y)], fill=rule)
        for column in range(columns):
            draw.text(
                (row[0] + column * span, y + 1), brush.word()[: int(span / 5)], fill=look.ink, font=look.font
            )
    return rows * (look.line + 2)


def _list(brush: Brush, image: Image.Image, draw: ImageDraw.ImageDraw, look: Look, row: Row) -> float:
    """Draw one entry with its picture at the left, as inboxes and chats have them."""
    size = look.line * 2
    shape = brush.choice([draw.ellipse, draw.rectangle])
    shape([row[0], row[1], row[0] + size, row[1] + size], fill=brush.colour(60, 220))
    draw.text((row[0] + size + 8, row[1]), brush.words(1, 3), fill=look.ink, font=look.font)
    pale = blend(look.page, look.ink, 0.5)
    draw.text((row[0] + size + 8, row[1] + look.line), brush.words(2, 6), fill=pale, font=look.font)
    return size + 4


_PARTS = [_prose, _prose, _prose, _heading, _field, _buttons, _cards, _grid, _list]


def _dialogue(brush: Brush, draw: ImageDraw.ImageDraw, look: Look, size: tuple[int, int]) -> None:
    left, top = size[0] * brush.uniform(0.15, 0.3), size[1] * brush.uniform(0.2, 0.4)
    right, bottom = size[0] - left, size[1] - top
    draw.rounded_rectangle(
        [left, top, right, bottom], 6, fill=look.page, outline=blend(look.page, look.ink, 0.4)
    )
    draw.text((left + 10, top + 8), brush.words(2, 4), fill=look.ink, font=look.font)
    draw.rounded_rectangle([right - 70, bottom - 28, right - 10, bottom - 8], 4, fill=look.accent)
    draw.text((right - 60, bottom - 26), "OK", fill=readable_on(look.accent), font=look.font)


def _framed(brush: Brush, image: Image.Image) -> Image.Image:
    """Return the screenshot as manuals show it: on a coloured ground, with an edge or a shadow."""
    pad = brush.randint(4, 40)
    ground = brush.choice([WHITE, brush.grey(200, 250), brush.colour()])
    framed = Image.new("RGB", (image.width + 2 * pad, image.height + 2 * pad), ground)
    draw = ImageDraw.Draw(framed)
    for step in range(brush.choice([0, 0, 6])):
        shade = blend(ground, (0, 0, 0), 0.06 * (step + 1))
        inset = pad - 6 + step
        draw.rectangle([inset, inset + 2, framed.width - inset, framed.height - inset + 2], outline=shade)
    framed.paste(image, (pad, pad))
    return framed
