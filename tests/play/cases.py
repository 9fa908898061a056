"""Cases by which the page's TypeScript is held to Python: python -m tests.play.cases FOLDER (`make play` does).

    digits.json   pictures of digits, gray levels in base64, and the 28 x 28 that `preparations.digits` makes of them
    words.json    a vocabulary and texts, and the ids that `preparations.words` makes of them
"""

import json
import sys
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw

from tfnotes.play.packed import packed
from tfnotes.serving.preparations import digits, words
from tfnotes_tasks.imdb import plain, tokenizer

LENGTH = 12


def pictures():
    """Strokes on paper of several kinds and sizes, a blank, noise, and a digit as MNIST has it."""
    rng = np.random.default_rng(5)
    for side in (112, 112, 112, 112, 28, 57, 200, 256):
        yield drawn(rng, side, side)
    for height, width in ((40, 90), (131, 64)):
        yield drawn(rng, height, width)
    paper = np.linspace(120, 250, 112)[None, :] + np.linspace(0, 5, 112)[:, None]
    yield np.clip(drawn(rng, 112, 112) * (paper / 255) + rng.normal(0, 3, (112, 112)), 0, 255).astype("uint8")
    yield 255 - drawn(rng, 112, 112)
    yield np.full((112, 112), 255, "uint8")
    yield rng.integers(0, 256, (64, 64), dtype="uint8")
    yield 255 - drawn(rng, 28, 28)
    # A thin pen, a box, a circle, a hard shadow, on large sheets and small ones.
    for side in (112, 200):
        thin = Image.new("L", (side, side), 240)
        ImageDraw.Draw(thin).line([(0.2 * side, 0.8 * side), (0.4 * side, 0.3 * side), (0.7 * side, 0.6 * side)], 30, 1)
        yield np.asarray(thin)
        for form in ("rectangle", "ellipse"):
            sheet = Image.fromarray(drawn(rng, side, side)).resize((side // 2,) * 2)
            whole = Image.new("L", (side, side), 255)
            whole.paste(sheet, (side // 4,) * 2)
            getattr(ImageDraw.Draw(whole), form)([side // 8] * 2 + [7 * side // 8] * 2, outline=0, width=3)
            yield np.asarray(whole)
        shade = np.where(np.add.outer(np.arange(side), 2 * np.arange(side)) > 1.4 * side, 0.5, 1)
        yield (drawn(rng, side, side) * shade).astype("uint8")


def drawn(rng, height, width):
    """Dark strokes on white paper, at several places and in several thicknesses."""
    image = Image.new("L", (4 * width, 4 * height), 255)
    brush = ImageDraw.Draw(image)
    for _ in range(rng.integers(1, 4)):
        points = (rng.uniform(0.15, 0.85, (rng.integers(2, 6), 2)) * [4 * width, 4 * height]).tolist()
        thick = int(4 * min(height, width) * rng.uniform(0.05, 0.12))
        brush.line([tuple(p) for p in points], fill=0, width=thick, joint="curve")
    return np.asarray(image.resize((width, height), Image.Resampling.BOX))


def main(folder):
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    found = [
        {"height": p.shape[0], "width": p.shape[1], "gray": packed(p), "digit": packed(digits.digit(p[:, :, None]))}
        for p in pictures()
    ]
    (folder / "digits.json").write_text(json.dumps(found) + "\n", "utf-8")
    vocabulary = ["", "[UNK]", "the", "film", "it's", "great", "not", "br", "naïve", "电影", "!", ".", "i̇stanbul", "ος"]
    known = {word: k for k, word in enumerate(vocabulary) if k > 1}
    rules = {"replacements": plain.REPLACEMENTS, "alike": plain.ALIKE}
    typed = words.Typed(**rules)
    texts = [
        {"text": text, "ids": words.ids(typed.words(text), known, LENGTH)}
        for text in tokenizer.texts(vocabulary, LENGTH)
    ]
    whole = {"vocabulary": vocabulary, "typed": rules, "length": LENGTH, "texts": texts}
    (folder / "words.json").write_text(json.dumps(whole) + "\n", "utf-8")


if __name__ == "__main__":
    main(sys.argv[1])
