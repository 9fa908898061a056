"""Pictures and texts: damaged image files, bytes that are no text, and text typed in every way."""

import io
from random import Random

import numpy as np
from hypothesis import strategies as st
from PIL import Image

from tests.fuzz import Trials, Wrong, damaged, drawn

KINDS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "PPM", "TGA", "ICO", "JPEG2000")
MODES = ("1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "I;16", "F")
PIECES = (
    *("<br />", "</p>", "<", "&amp;", "&nbsp;", "&#39;", "&#x2019;", "&bogus;"),
    *("\u2019", "'", "\u201c", "\u00a0", "\u200b"),
    *("\ufeff", "\u0130", "\ufb01", "é", "e\u0301", "数", "字。", "...", "don't", " ", "\n"),
    *("\x85", "½", "\u01c5", "\U0001f600"),
    *("ß", "\u03a3"),
)


def trials(share, report):
    """Trials of pictures and of texts; see `tests.fuzz.files.trials`."""
    from tfnotes.serving import images, texts
    from tfnotes.serving.preparations.digits import digit

    found, random, files = Trials("image files"), Random(0), list(_pictures())

    def picture(content):
        encoded = images.encode(content, "picture")
        pixels = np.asarray(Image.open(io.BytesIO(encoded)))
        prepared = digit(pixels if pixels.ndim == 3 else pixels[..., None])
        if prepared.shape != (28, 28) or prepared.dtype != np.uint8:
            raise Wrong(f"{prepared.shape} of {prepared.dtype}")

    for _ in range(round(1500 * share)):
        name, content = random.choice(files)
        changed, what = damaged(random, content)
        found.attempt(f"{name}, {what}", picture, changed)
    report(found)

    found = Trials("bytes in the place of text")
    drawn(
        round(500 * share),
        st.one_of(st.binary(max_size=60), st.text(max_size=60).map(lambda t: t.encode("utf-16", "replace"))),
        lambda data: found.attempt(repr(data), texts.decode, data, "text"),
    )
    report(found)
    found = Trials("texts, in TensorFlow and without")
    # What Python's Unicode doesn't know yet TensorFlow's may.
    characters = st.text(st.characters(exclude_categories=["Cn", "Cs"]), max_size=6)
    typed = st.lists(st.one_of(st.sampled_from(PIECES), characters), max_size=12).map("".join)
    drawn(round(1500 * share), typed, lambda text: found.attempt(repr(text), _as_elsewhere, text))
    report(found)


def _as_elsewhere(text):
    """Refuses words that the exported model's preparation and the one for other runtimes don't agree on."""
    import tensorflow as tf

    from tfnotes.serving import texts
    from tfnotes.serving.preparations.words import REPLACEMENTS, Typed
    from tfnotes_tasks.imdb.plain import ALIKE, plain

    content = texts.decode(text.encode("utf-8", "surrogatepass"), "text")
    words = plain(tf.constant(content)).numpy().decode().split(" ")
    inside, outside = [w for w in words if w], Typed(REPLACEMENTS, ALIKE).words(content.decode())
    if inside != outside:
        raise Wrong(f"{inside} and {outside}")


def _pictures():
    """A drawn stroke in each kind of file that can hold it, in each mode."""
    y, x = np.mgrid[:40, :30]
    stroke = np.where(np.abs(x - 15) < 3, 0, 255).astype("uint8") * (y > 4) + 255 * (y <= 4).astype("uint8")
    gray = Image.fromarray(stroke.astype("uint8"))
    for mode in MODES:
        image = Image.fromarray(stroke.astype("uint16") * 257) if mode == "I;16" else gray.convert(mode)
        for kind in KINDS:
            stored = io.BytesIO()
            try:
                image.save(stored, kind)
            except (OSError, ValueError, KeyError):
                continue
            yield f"{kind} {mode}", stored.getvalue()
