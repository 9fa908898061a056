"""40 kinds of pictures of 40 digits each, and what is no digit, read by an export as `tfnotes predict` reads files.

    python -m benchmarks.pictures EXPORT [--markdown]

The digits are the first four of each class in the test split of `sample` whose own pixels the export reads rightly and
takes for digits, so that the figures tell what a picture loses. What is no digit is in pictures too: letters of fonts
that the network which refuses them hasn't seen, noise, blank sheets, shapes.
"""

import argparse
import io
import os
import string
import sys
from pathlib import Path

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

import numpy as np
from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont
from rich.console import Console
from rich.table import Table

from benchmarks._markdown import as_markdown
from tfnotes.serving import exported, predict
from tfnotes_tasks.mnist import data
from tfnotes_tasks.mnist.foreign import drawn

SIDE, MARGIN = 240, 60


def enlarged(pixels):
    """A digit's ink as a picture of mode L, 255 where the pen was, with a margin."""
    inner = SIDE - 2 * MARGIN + 48
    large = Image.fromarray(pixels).resize((inner, inner), Image.Resampling.BICUBIC)
    sharp = large.filter(ImageFilter.GaussianBlur(2)).point(lambda level: max(0, min(255, (level - 96) * 4)))
    whole = Image.new("L", (SIDE, SIDE))
    whole.paste(sharp, ((SIDE - inner) // 2,) * 2)
    return whole


def thin(ink, width):
    """The same digit with a pen of some pixels: what Zhang and Suen's thinning leaves, made wider."""
    mask = np.asarray(ink) > 127
    while True:
        before = mask.sum()
        for first in (True, False):
            p = [np.roll(mask, shift, (0, 1)) for shift in _AROUND]
            count = np.sum(p, 0)
            turns = np.sum([~p[k] & p[(k + 1) % 8] for k in range(8)], 0)
            a, b = (p[0] & p[2] & p[4], p[2] & p[4] & p[6]) if first else (p[0] & p[2] & p[6], p[0] & p[4] & p[6])
            mask = mask & ~((count >= 2) & (count <= 6) & (turns == 1) & ~a & ~b)
        if mask.sum() == before:
            break
    line = Image.fromarray((255 * mask).astype("uint8"))
    return line.filter(ImageFilter.MaxFilter(width)) if width > 1 else line


_AROUND = [(1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1)]


def on(ink, pen, paper):
    """Ink in a colour on paper of another one, or of one for each pixel."""
    if not isinstance(paper, Image.Image):
        paper = Image.new("RGB", ink.size, paper)
    return Image.composite(Image.new("RGB", ink.size, pen), paper, ink)


def gray(ink, pen=40, paper=235):
    return on(ink, (pen,) * 3, (paper,) * 3).convert("L")


def saved(picture, kind="PNG", **options):
    found = io.BytesIO()
    picture.save(found, kind, **options)
    return found.getvalue()


def png16(ink, top, low=0):
    levels = top - (np.asarray(ink, "float64") / 255 * (top - low))
    return saved(Image.fromarray(levels.round().astype("uint16")))


def alpha(ink, pen):
    return saved(_with_alpha(Image.new("RGB", ink.size, pen), ink))


def _with_alpha(picture, ink):
    picture.putalpha(ink)
    return picture


def palette(ink, pen, transparent):
    picture = gray(ink, 0, 255).quantize(2)
    picture = Image.fromarray((np.asarray(ink) > 127).astype("uint8"), "L")
    picture = picture.convert("P")
    picture.putpalette([255, 255, 255, *pen])
    return saved(picture, **({"transparency": 0} if transparent else {}))


def turned(ink):
    """Stored on its side; the Exif data say which way up."""
    picture, exif = gray(ink).transpose(Image.Transpose.ROTATE_90), Image.Exif()
    exif[0x0112] = 6
    return saved(picture, "JPEG", quality=92, exif=exif)


def light(ink, random, strength, hard=False):
    """In a light that falls off across the sheet, or with a shadow's edge across it."""
    y, x = np.mgrid[:SIDE, :SIDE] / (SIDE - 1) - 0.5
    angle = random.uniform(0, 2 * np.pi)
    along = x * np.cos(angle) + y * np.sin(angle)
    shade = 1 - strength * (along + 0.5) if not hard else np.where(along > random.uniform(-0.1, 0.1), 1, 1 - strength)
    levels = np.asarray(gray(ink), "float64") * shade
    return saved(Image.fromarray(levels.clip(0, 255).astype("uint8")).filter(ImageFilter.GaussianBlur(0.7)))


def grain(ink, random, strength):
    levels = np.asarray(gray(ink), "float64") + random.normal(0, strength, (SIDE, SIDE))
    return saved(Image.fromarray(levels.clip(0, 255).astype("uint8")), "JPEG", quality=85)


def boxed(ink, width, gap, round_=False):
    """With a frame around the digit, as forms have them."""
    left, top, right, bottom = ink.getbbox()
    half = max(right - left, bottom - top) / 2 + gap
    x, y = (left + right) / 2, (top + bottom) / 2
    sheet, box = ink.copy(), (x - half, y - half, x + half, y + half)
    if round_:
        box = tuple(v + 0.25 * half * (-1 if k < 2 else 1) for k, v in enumerate(box))
        ImageDraw.Draw(sheet).ellipse(box, outline=255, width=width)
    else:
        ImageDraw.Draw(sheet).rectangle(box, outline=255, width=width)
    return saved(gray(sheet))


def ruled(ink, step, level, squares):
    paper = Image.new("RGB", ink.size, (245,) * 3)
    lines = ImageDraw.Draw(paper)
    for at in range(step // 2, SIDE, step):
        lines.line([(0, at), (SIDE, at)], fill=level)
        if squares:
            lines.line([(at, 0), (at, SIDE)], fill=level)
    return saved(on(ink, (30, 30, 60), paper))


def moved(ink, size, at, scale=1.0):
    """The digit elsewhere on a larger sheet."""
    digit = ink.crop(ink.getbbox())
    digit = digit.resize([max(1, round(scale * n)) for n in digit.size], Image.Resampling.BILINEAR)
    sheet = Image.new("L", size)
    sheet.paste(digit, at)
    return saved(gray(sheet))


def cmyk(ink):
    return saved(on(ink, (30, 30, 30), (240, 240, 240)).convert("CMYK"), "JPEG", quality=92)


def kinds(random):
    """What is done to a digit's pixels and its ink, by the kind's name: a file's bytes each."""
    return {
        "28 x 28, as MNIST has it": lambda x, ink: saved(Image.fromarray(x)),
        "28 x 28, dark on light": lambda x, ink: saved(Image.fromarray(255 - x)),
        "dark on light, PNG": lambda x, ink: saved(gray(ink)),
        "light on dark, PNG": lambda x, ink: saved(gray(ink, 240, 20)),
        "JPEG of poor quality": lambda x, ink: saved(gray(ink), "JPEG", quality=15),
        "GIF": lambda x, ink: saved(gray(ink), "GIF"),
        "BMP of 1 bit": lambda x, ink: saved(gray(ink, 0, 255).convert("1"), "BMP"),
        "PNG of 1 bit, light on dark": lambda x, ink: saved(gray(ink, 255, 0).convert("1")),
        "WebP": lambda x, ink: saved(gray(ink).convert("RGB"), "WEBP"),
        "TIFF, CMYK": lambda x, ink: saved(on(ink, (30,) * 3, (240,) * 3).convert("CMYK"), "TIFF"),
        "JPEG, CMYK": lambda x, ink: cmyk(ink),
        "PNG of 16 bits": lambda x, ink: png16(ink, 60000, 8000),
        "12 bits in 16": lambda x, ink: png16(ink, 4095, 300),
        "TIFF of floats 0-1": lambda x, ink: saved(Image.fromarray(1 - np.asarray(ink, "float32") / 255), "TIFF"),
        "palette": lambda x, ink: palette(ink, (20, 20, 120), False),
        "palette, paper transparent": lambda x, ink: palette(ink, (20, 20, 120), True),
        "palette, white on transparent": lambda x, ink: palette(ink, (255, 255, 255), True),
        "black on transparent": lambda x, ink: alpha(ink, (0, 0, 0)),
        "white on transparent": lambda x, ink: alpha(ink, (255, 255, 255)),
        "gray with alpha, light": lambda x, ink: saved(_with_alpha(Image.new("L", ink.size, 250), ink)),
        "JPEG on its side, by Exif": lambda x, ink: turned(ink),
        "red on equally bright green": lambda x, ink: saved(on(ink, (220, 40, 40), (0, 152, 30))),
        "yellow on white": lambda x, ink: saved(on(ink, (255, 235, 0), (255, 255, 255))),
        "blue on black": lambda x, ink: saved(on(ink, (0, 0, 255), (0, 0, 0))),
        "pale pencil": lambda x, ink: saved(gray(ink, 190, 230)),
        "thin pen, 1 of 240 pixels": lambda x, ink: saved(gray(thin(ink, 1))),
        "thin pen, 3 of 240 pixels": lambda x, ink: saved(gray(thin(ink, 3))),
        "marker": lambda x, ink: saved(gray(ink.filter(ImageFilter.MaxFilter(9)))),
        "light that falls off": lambda x, ink: light(ink, random, 0.6),
        "hard shadow": lambda x, ink: light(ink, random, 0.5, hard=True),
        "faint hard shadow": lambda x, ink: light(ink, random, 0.25, hard=True),
        "grain of a dark photo": lambda x, ink: grain(ink, random, 25),
        "blurred": lambda x, ink: saved(gray(ink.filter(ImageFilter.GaussianBlur(6)))),
        "box around the digit": lambda x, ink: boxed(ink, 4, 20),
        "thin box, close": lambda x, ink: boxed(ink, 2, 10),
        "circle around the digit": lambda x, ink: boxed(ink, 4, 14, True),
        "ruled paper": lambda x, ink: ruled(ink, 24, (205, 215, 235), False),
        "squared paper": lambda x, ink: ruled(ink, 16, (215, 222, 238), True),
        "small in a corner": lambda x, ink: moved(ink, (640, 480), (40, 30), 0.6),
        "to the very edge": lambda x, ink: moved(ink, ink.crop(ink.getbbox()).size, (0, 0)),
    }


def foreign(random, count=100):
    """Files without a digit, by their kind."""
    from matplotlib import get_data_path

    fonts = [Path(get_data_path(), "fonts", "ttf", f"{name}.ttf") for name in FONTS]

    def letters(names):
        found = []
        for which in names:
            for font in (None, *fonts):
                chosen = ImageFont.truetype(str(font), 110) if font else ImageFont.load_default(110)
                sheet = Image.new("L", (200, 200), 250)
                ImageDraw.Draw(sheet).text((100, 100), which, fill=20, font=chosen, anchor="mm")
                found.append(saved(sheet))
        return found

    def scattered():
        size = [int(n) for n in random.integers(28, 300, 2)]
        kind, shape = random.integers(3), (size[1], size[0])
        if kind == 0:
            levels = random.integers(0, 256, (*shape, 3))
        elif kind == 1:
            levels = random.normal(128, random.uniform(15, 60), shape).clip(0, 255)
        else:
            levels = 255 * (random.random(shape) > random.uniform(0.005, 0.5))
        return saved(Image.fromarray(levels.astype("uint8")))

    def sheets():
        size = [int(n) for n in random.integers(28, 300, 2)]
        levels = random.uniform(0, 255) + random.normal(0, random.uniform(0, 3), (size[1], size[0]))
        return saved(Image.fromarray(levels.clip(0, 255).astype("uint8")), "JPEG")

    def shown(draw):
        large = Image.fromarray(draw(random)).resize((224, 224), Image.Resampling.BICUBIC)
        return saved(ImageChops.invert(large))

    return {
        "blank sheets": [sheets() for _ in range(count)],
        "noise": [scattered() for _ in range(count)],
        f"letters other than {', '.join(drawn.ALIKE)}": letters(drawn.LETTERS),
        f"letters {', '.join(drawn.ALIKE)}": letters(drawn.ALIKE),
        "shapes": [shown(drawn.shape) for _ in range(count)],
        "scribbles": [shown(drawn.scribble) for _ in range(count)],
        "printed digits": letters(string.digits),
    }


FONTS = ("DejaVuSans", "DejaVuSerif", "DejaVuSansMono", "DejaVuSans-Bold", "DejaVuSerif-Italic")


def chosen(opened):
    """Four digits of each class, and their classes."""
    test = data.sample().test
    answer = opened.ask("serving_default", test.x)
    good = (answer["digit"] == test.y) & answer.get("is_digit", np.ones(len(test), bool))
    rows = [row for k in range(10) for row in np.flatnonzero(good & (test.y == k))[:4]]
    return test.x[rows], test.y[rows]


def answers(opened, files):
    """What `tfnotes predict` would say: answers, None for a file that it refuses; and of how many it would warn."""
    found, warned = [], []
    for content in files:
        found += predict.predict(opened, ["-"], io.BytesIO(content), warn=warned.append) or [None]
    return found, len(warned)


def main(arguments=None):
    """Prints both tables."""
    parser = argparse.ArgumentParser()
    parser.add_argument("export", type=Path)
    parser.add_argument("--markdown", action="store_true")
    given = parser.parse_args(arguments)
    opened, random = exported.open(given.export), np.random.default_rng(0)
    x, y = chosen(opened)
    heads = ("read rightly", "refused", "read wrongly", "warned of")
    read = Table("picture", *heads, title="40 digits in 40 kinds of pictures")
    inks, totals = [enlarged(pixels) for pixels in x], np.zeros(4, int)
    for name, make in kinds(random).items():
        said, warned = answers(opened, [make(*pair) for pair in zip(x, inks, strict=True)])
        refused = sum(one is None or one["label"] is None for one in said)
        right = sum(one is not None and one["label"] == str(k) for one, k in zip(said, y, strict=True))
        row = (right, refused, len(y) - right - refused, warned)
        totals += row
        read.add_row(name, *map(str, row))
    read.add_row("all", *map(str, totals))
    other = Table("picture", "pictures", "said to be no digit", title="what is no digit")
    for name, files in foreign(random).items():
        said, _ = answers(opened, files)
        share = np.mean([one is None or one["label"] is None for one in said])
        other.add_row(name, str(len(files)), f"{100 * share:.1f} %")
    if given.markdown:
        sys.stdout.write(f"{as_markdown(read)}\n\n{as_markdown(other)}\n")
    else:
        Console(width=100).print(read, other)


if __name__ == "__main__":
    main()
