"""Bar, line, pie and scatter charts, as drawing programs and web pages draw them."""

from dataclasses import dataclass

from PIL import Image, ImageDraw

from altaloud.training.drawing.brush import Brush, Colour, blend


@dataclass(frozen=True, slots=True)
class Plot:
    """The field inside the axes, in pixels, and what is drawn with."""

    draw: ImageDraw.ImageDraw
    left: float
    top: float
    right: float
    bottom: float
    background: Colour
    ink: Colour

    @property
    def width(self) -> float:
        """How wide the field is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How high the field is."""
        return self.bottom - self.top


def chart(brush: Brush, kind: str) -> Image.Image:
    """Draw a chart of a kind: "bar chart", "line chart", "pie chart" or "scatter chart"."""
    size = brush.randint(120, 520), brush.randint(100, 380)
    background, ink = brush.paper(plain=0.7, dark=0.2)
    image = Image.new("RGB", size, background)
    draw = ImageDraw.Draw(image)
    if kind == "pie chart":
        _pie(brush, draw, size, background, ink)
        return image
    plot = _axes(brush, draw, size, background, ink)
    {"bar chart": _bars, "line chart": _lines, "scatter chart": _points}[kind](brush, plot)
    if brush.chance(0.35):
        _legend(brush, plot)
    return image


def _axes(
    brush: Brush, draw: ImageDraw.ImageDraw, size: tuple[int, int], background: Colour, ink: Colour
) -> Plot:
    """Draw axes, grid, labels and title; a sparkline has none of them."""
    width, height = size
    bare = brush.chance(0.12)
    margin = 2 if bare else brush.randint(6, 45)
    top = margin if bare else brush.randint(6, 34)
    plot = Plot(draw, margin + 2, top, width - 6, height - margin, background, ink)
    if bare:
        return plot
    if brush.chance(0.75):
        draw.line([(margin, top), (margin, height - margin)], fill=ink, width=brush.randint(1, 2))
    if brush.chance(0.85):
        draw.line(
            [(margin, height - margin), (width - 6, height - margin)], fill=ink, width=brush.randint(1, 2)
        )
    _grid(brush, plot)
    if margin > 16 and brush.chance(0.8):
        _tick_labels(brush, plot, margin)
    if brush.chance(0.5):
        draw.text(
            (brush.uniform(0.02, 0.4) * width, 1), brush.words(1, 5), fill=ink, font=brush.font(top * 0.7)
        )
    return plot


def _grid(brush: Brush, plot: Plot) -> None:
    across, along = brush.chance(0.5), brush.chance(0.2)
    colour = blend(plot.background, plot.ink, brush.uniform(0.08, 0.4))
    rows, columns = brush.randint(3, 9), brush.randint(3, 12)
    for i in range(rows * across):
        y = plot.top + plot.height * i / rows
        plot.draw.line([(plot.left, y), (plot.right, y)], fill=colour)
    for i in range(columns * along):
        x = plot.left + plot.width * i / columns
        plot.draw.line([(x, plot.top), (x, plot.bottom)], fill=colour)


def _tick_labels(brush: Brush, plot: Plot, margin: int) -> None:
    font = brush.font(brush.randint(7, 13))
    rows, columns = brush.randint(3, 8), brush.randint(3, 9)
    step = brush.choice([1, 5, 10, 25, 100, 0.5])
    for i in range(rows):
        y = plot.top + plot.height * (1 - i / rows)
        plot.draw.text((2, y - 6), f"{i * step:g}", fill=plot.ink, font=font)
    start = brush.randint(1950, 2020)
    by_year = brush.chance(0.4)
    for i in range(columns):
        label = str(start + i) if by_year else brush.word()[: max(3, int(plot.width / columns / 6))]
        plot.draw.text(
            (plot.left + plot.width * i / columns, plot.bottom + 3), label, fill=plot.ink, font=font
        )


def _legend(brush: Brush, plot: Plot) -> None:
    font = brush.font(brush.randint(8, 12))
    x, y = plot.left + plot.width * brush.uniform(0.05, 0.7), plot.top + plot.height * brush.uniform(0, 0.5)
    for i, colour in enumerate(brush.palette(brush.randint(1, 5))):
        plot.draw.rectangle([x, y + i * 14, x + 9, y + 9 + i * 14], fill=colour)
        plot.draw.text((x + 13, y + i * 14 - 2), brush.words(1, 2), fill=plot.ink, font=font)


def _bars(brush: Brush, plot: Plot) -> None:
    groups, series = brush.randint(2, 18), brush.choice([1, 1, 1, 2, 3, 4])
    colours = brush.palette(series) if series > 1 else [brush.colour(10, 230)]
    varied = brush.palette(groups) if series == 1 and brush.chance(0.25) else None
    lying, stacked = brush.chance(0.3), series > 1 and brush.chance(0.4)
    gap, outline = brush.uniform(0, 0.5), brush.choice([None, None, None, plot.ink])
    histogram = series == 1 and brush.chance(0.2)
    span = (plot.height if lying else plot.width) / groups
    for group in range(groups):
        base, share = 0.0, span * (1 - (0 if histogram else gap)) / (1 if stacked else series)
        for number in range(series):
            length = brush.uniform(0.04, 1.0) / (series if stacked else 1)
            if histogram:
                length *= max(0.08, 1 - (2 * group / groups - 1) ** 2)
            start = group * span + span * gap / 2 + (0 if stacked else number * share)
            colour = varied[group] if varied else colours[number]
            _bar(
                plot,
                (start, start + share - 1),
                (base, base + length),
                lying=lying,
                fill=colour,
                outline=outline,
            )
            base += length if stacked else 0


def _bar(
    plot: Plot,
    across: tuple[float, float],
    along: tuple[float, float],
    *,
    lying: bool,
    fill: Colour,
    outline: Colour | None,
) -> None:
    """Draw one bar: `across` in pixels from the first, `along` as shares of the field."""
    start, end = across[0], max(across[0] + 1, across[1])
    if lying:
        box = [
            plot.left + along[0] * plot.width,
            plot.top + start,
            plot.left + along[1] * plot.width,
            plot.top + end,
        ]
    else:
        low, high = plot.bottom - along[1] * plot.height, plot.bottom - along[0] * plot.height
        box = [plot.left + start, low, plot.left + end, max(low, high)]
    plot.draw.rectangle(box, fill=fill, outline=outline)


def _lines(brush: Brush, plot: Plot) -> None:
    many = brush.randint(1, 5)
    marks, filled = brush.chance(0.35), brush.chance(0.2)
    for colour in brush.palette(many):
        size = brush.randint(4, 90)
        scale = brush.uniform(0.2, 1)
        lift = brush.uniform(0, 1 - scale)
        points = [
            (plot.left + plot.width * i / (size - 1), plot.bottom - plot.height * (value * scale + lift))
            for i, value in enumerate(brush.walk(size))
        ]
        if filled:
            pale = blend(colour, plot.background, 0.6)
            plot.draw.polygon([(plot.left, plot.bottom), *points, (plot.right, plot.bottom)], fill=pale)
        plot.draw.line(points, fill=colour, width=brush.randint(1, 4))
        for x, y in points if marks and size < 30 else []:
            plot.draw.ellipse([x - 3, y - 3, x + 3, y + 3], fill=colour)


def _points(brush: Brush, plot: Plot) -> None:
    for colour in brush.palette(brush.randint(1, 4)):
        radius, spread = brush.uniform(1.2, 5), brush.uniform(0.04, 0.25)
        slope, middle = brush.uniform(-1.2, 1.2), (brush.uniform(0.2, 0.8), brush.uniform(0.2, 0.8))
        for _ in range(brush.randint(12, 140)):
            along = brush.gauss(0, 0.25)
            x = min(1.0, max(0.0, middle[0] + along))
            y = min(1.0, max(0.0, middle[1] + along * slope + brush.gauss(0, spread)))
            size = radius * (brush.uniform(0.6, 2.5) if brush.chance(0.1) else 1)
            centre = plot.left + x * plot.width, plot.bottom - y * plot.height
            plot.draw.ellipse(
                [centre[0] - size, centre[1] - size, centre[0] + size, centre[1] + size], fill=colour
            )


def _pie(
    brush: Brush, draw: ImageDraw.ImageDraw, size: tuple[int, int], background: Colour, ink: Colour
) -> None:
    width, height = size
    radius = max(20, min(width, height) // 2 - brush.randint(3, 30))
    centre = brush.choice([width // 2, radius + 5, max(radius, width - radius - 5)]), height // 2
    parts, angle = brush.randint(2, 9), brush.uniform(0, 360)
    colours = brush.palette(parts)
    if len(set(colours)) < parts:
        colours = [brush.colour(30, 230) for _ in range(parts)]
    box = [centre[0] - radius, centre[1] - radius, centre[0] + radius, centre[1] + radius]
    outline = brush.choice([background, ink, None])
    for share, colour in zip(brush.shares(parts, 2), colours, strict=True):
        draw.pieslice(
            box, angle, angle + share * 360, fill=colour, outline=outline, width=brush.randint(1, 3)
        )
        angle += share * 360
    if brush.chance(0.4):
        hole = radius * brush.uniform(0.3, 0.8)
        draw.ellipse(
            [centre[0] - hole, centre[1] - hole, centre[0] + hole, centre[1] + hole], fill=background
        )
    if brush.chance(0.6):
        font, x = brush.font(brush.randint(8, 13)), brush.choice([4, width - 70])
        for i, colour in enumerate(colours):
            draw.rectangle([x, 8 + i * 15, x + 8, 16 + i * 15], fill=colour)
            draw.text((x + 12, 6 + i * 15), brush.word(), fill=ink, font=font)
    if brush.chance(0.4):
        draw.text((brush.uniform(0, 0.4) * width, 0), brush.words(1, 4), fill=ink, font=brush.font(14))
