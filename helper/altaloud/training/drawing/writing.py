"""Pictures of text: one line, a button, a poster, a paragraph, source code."""

from PIL import Image, ImageDraw

from altaloud.training.drawing.brush import Brush, readable_on

_CODE = [
    "()",
    "{",
    "}",
    "=",
    "0",
    "if",
    "return",
    "def",
    "import",
    "->",
    "self",
    "x += 1",
    "for",
    "None",
    "// todo",
]


def text(brush: Brush) -> Image.Image:
    """Draw a picture whose message is its text."""
    draw = brush.random()
    if draw < 0.45:
        return _line(brush)
    return _paragraphs(brush) if draw < 0.85 else _code(brush)


def _line(brush: Brush) -> Image.Image:
    """Draw one line: a heading, a banner, a button, a number, a badge."""
    background, ink = brush.paper()
    size = brush.randint(9, 64)
    font = brush.font(size)
    said = brush.words(1, 5) if brush.chance(0.85) else brush.number()
    left, top, right, bottom = (round(edge) for edge in font.getbbox(said))
    pad = brush.randint(2, max(3, size)), brush.randint(2, max(3, size // 2))
    width, height = right - left + 2 * pad[0], bottom - top + 2 * pad[1]
    page = brush.choice([(255, 255, 255), (240, 240, 240), (30, 30, 30)])
    button = brush.chance(0.35)
    image = Image.new("RGB", (width, height), page if button else background)
    draw = ImageDraw.Draw(image)
    if button:
        radius = brush.randint(0, height // 2)
        box = [0, 0, width - 1, height - 1]
        draw.rounded_rectangle(box, radius, fill=background, outline=brush.choice([None, ink]))
    if brush.chance(0.08):  # cast shadow
        draw.text((pad[0] - left + 2, pad[1] - top + 2), said, fill=(120, 120, 120), font=font)
    draw.text((pad[0] - left, pad[1] - top), said, fill=ink, font=font)
    if brush.chance(0.15):
        draw.line([(pad[0], height - 3), (width - pad[0], height - 3)], fill=ink)
    return image


def _paragraphs(brush: Brush) -> Image.Image:
    width, height = brush.randint(100, 520), brush.randint(40, 420)
    background, ink = brush.paper()
    image = Image.new("RGB", (width, height), background)
    draw = ImageDraw.Draw(image)
    margin, centred = brush.randint(2, 30), brush.chance(0.2)
    y, size = float(brush.randint(2, 24)), brush.choice([10, 11, 12, 12, 14, 14, 18])
    heading, font = brush.chance(0.5), brush.font(size)
    while y < height - 8:
        line = brush.choice([20, 26, 36, 48]) if heading else size
        used = brush.font(line) if heading else font
        for _ in range(1 if heading else brush.randint(1, 6)):
            said = brush.words(1, max(2, int(width / line / 3)))
            x = (width - used.getlength(said)) / 2 if centred else margin
            draw.text((x, y), said, fill=ink if brush.chance(0.95) else brush.colour(), font=used)
            y += line * 1.35
        heading = brush.chance(0.08)
        y += brush.choice([0, 0, 6, 14])
    return image


def _code(brush: Brush) -> Image.Image:
    dark = brush.chance(0.7)
    background = brush.grey(5, 45) if dark else brush.grey(240, 255)
    image = Image.new("RGB", (brush.randint(140, 520), brush.randint(50, 340)), background)
    draw = ImageDraw.Draw(image)
    size = brush.randint(8, 15)
    font, y = brush.font(size), 4.0
    while y < image.height - 8:
        x = 6.0 + brush.choice([0, 1, 2, 3]) * size
        for _ in range(brush.randint(0, 6)):
            said = brush.choice(_CODE) if brush.chance(0.4) else brush.word()
            plain = readable_on(background)
            draw.text((x, y), said, fill=plain if brush.chance(0.5) else brush.colour(90, 235), font=font)
            x += font.getlength(said) + size * 0.6
        y += size * 1.4
    return image
