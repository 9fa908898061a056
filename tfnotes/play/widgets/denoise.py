"""Remove noise: for models that were trained to make a clean digit of one with noise.

    {"noise": how much they saw in training,  "kind": "masking" or "gaussian",  "pixels": digits, in base64}
"""

from tfnotes.play import digits
from tfnotes.play.packed import packed


def data(source):
    """See `tfnotes.play.widgets`."""
    settings = source.about.get("settings") or {}
    if not settings.get("noise") or "kind" not in settings or not source.has("reconstruct"):
        return None
    images = digits.of(source, "reconstruct")
    if images is None:
        return None
    return {"noise": settings["noise"], "kind": settings["kind"], "pixels": packed(images)}
