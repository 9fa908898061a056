"""A chart of a few curves as a picture."""

from PIL import Image, ImageDraw, ImageFont

_WIDTH, _HEIGHT, _LEFT, _RIGHT, _TOP, _BOTTOM = 800, 480, 70, 20, 40, 50


def chart(lines, title):
    """Draws curves over one pair of axes.

    Args:
        lines: tuples of name, color, width in pixels, and equally many x and y; of at least one point in all.
        title: stands above.

    Returns:
        A `PIL.Image.Image`.
    """
    lines = list(lines)
    xs, ys = ([value for line in lines for value in line[k]] for k in (3, 4))
    picture = Image.new("RGB", (_WIDTH, _HEIGHT), "white")
    draw, font = ImageDraw.Draw(picture), ImageFont.load_default(14)
    box = (_LEFT, _TOP, _WIDTH - _RIGHT, _HEIGHT - _BOTTOM)
    draw.rectangle(box, outline="#868e96")
    draw.text((_LEFT, 12), title, fill="black", font=font)

    def x_at(x):
        return _place(x, min(xs), max(xs), box[0], box[2])

    def y_at(y):
        return _place(y, min(ys), max(ys), box[3], box[1])

    for part in range(5):
        x, y = (low + (high - low) * part / 4 for low, high in ((min(xs), max(xs)), (min(ys), max(ys))))
        draw.text((_LEFT - 8, y_at(y)), f"{y:.3g}", fill="#495057", font=font, anchor="rm")
        draw.text((x_at(x), box[3] + 8), f"{x:.3g}", fill="#495057", font=font, anchor="mt")
        draw.line([(box[0], y_at(y)), (box[2], y_at(y))], fill="#dee2e6")
    for number, (name, color, width, x, y) in enumerate(lines):
        points = [(x_at(a), y_at(b)) for a, b in zip(x, y, strict=True)]
        draw.line(points, fill=color, width=width)
        for a, b in points:
            draw.ellipse((a - width, b - width, a + width, b + width), fill=color)
        left = _LEFT + 10 + number * (box[2] - box[0]) // len(lines)
        draw.line([(left, _HEIGHT - 12), (left + 20, _HEIGHT - 12)], fill=color, width=width)
        draw.text((left + 26, _HEIGHT - 12), name, fill="black", font=font, anchor="lm")
    return picture


def _place(value, low, high, first, last):
    return first + (last - first) * ((value - low) / (high - low) if high > low else 0.5)
