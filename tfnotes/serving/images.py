"""Image files for a model of images: any common kind as PNG bytes, which TensorFlow decodes inside the model."""

import io
import warnings

import numpy as np
from PIL import Image, ImageOps

from tfnotes.errors import InputError, first_line

LIMIT = 64_000_000
"""Images of more pixels are refused: small files can unpack to more than a computer's memory."""

# EPS and WMF are missing on purpose: Pillow opens them by starting other programs.
FORMATS = ("PNG", "JPEG", "GIF", "BMP", "WEBP", "TIFF", "AVIF", "JPEG2000", "ICO", "PPM", "TGA")

_KEPT, _LIGHT = 1024, 192


def encode(data, name, limit=LIMIT):
    """Any common image file as PNG bytes, upright, opaque, 8 bits a channel, at most 1024 pixels a side.

    Animations give their first frame. What is transparent becomes white, or black beneath what is so light that white
    would hide it. Of 16 bits those count that the image uses: 12, say, as scanners write them.

    Args:
        data: the file's bytes.
        name: what to call the file in an error.
        limit: images of more pixels are refused.

    Returns:
        The bytes of a PNG, grayscale or RGB.

    Raises:
        InputError: it is no image, or a damaged one, or it has more than `limit` pixels.
    """
    if not data:
        raise _refusal(name, limit, "an empty file")
    Image.init()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            image = Image.open(io.BytesIO(data), formats=[f for f in FORMATS if f in Image.OPEN])
    except Image.DecompressionBombError:
        raise _refusal(name, limit, "more pixels than that") from None
    except Exception:
        raise _refusal(name, limit, "a file in no known image format") from None
    if image.width * image.height > limit:
        raise _refusal(name, limit, f"{image.width} x {image.height} pixels")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # A JPEG's decoder halves while it decodes: 48 megapixels in 0.6 s, not 2.4 s.
            image.draft(None, (_KEPT, _KEPT))
            image.load()
            image = _opaque(ImageOps.exif_transpose(image))
    # Decoders of damaged files raise whatever they stumble over.
    except Exception as error:
        raise _refusal(name, limit, f"a damaged or truncated {image.format} ({first_line(error)})") from None
    image.thumbnail((_KEPT, _KEPT), Image.Resampling.BOX)
    png = io.BytesIO()
    image.save(png, "PNG")
    return png.getvalue()


def files(pixels):
    """Images of shape (N, height, width) or (N, height, width, channels), uint8, as PNG files: one argument."""
    # Whoever only encodes needs no TensorFlow.
    import tensorflow as tf

    return ([tf.io.encode_png(image if image.ndim == 3 else image[:, :, None]).numpy() for image in pixels],)


def suffixes():
    """The endings of the names of files that `encode` takes, such as ".png"."""
    return {suffix for suffix, kind in Image.registered_extensions().items() if kind in FORMATS}


def _refusal(name, limit, received):
    return InputError(
        f"{name}: `file` must be an image, such as PNG or JPEG, of at most {limit / 10**6:g} million pixels. "
        f"Received: {received}."
    )


def _opaque(image):
    if image.mode.startswith("I;16"):
        # Pillow's own conversion cuts off at 255.
        values = np.asarray(image)
        top = next(2**bits - 1 for bits in (8, 10, 12, 14, 16) if values.max() < 2**bits)
        return Image.fromarray((values * (255.0 / top)).round().astype("uint8"))
    if image.mode in ("I", "F"):
        values = np.nan_to_num(np.asarray(image, "float64"))
        return Image.fromarray((255.0 * (values - values.min()) / max(np.ptp(values), 1e-12)).astype("uint8"))
    if image.mode in ("1", "L", "RGB") and "transparency" not in image.info:
        return image.convert("L") if image.mode == "1" else image
    image = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", image.size, _behind(image)), image).convert("RGB")


def _behind(image):
    """What shows through an image that is transparent somewhere: "white", unless what is to be seen is white itself."""
    image = image.copy()
    image.thumbnail((_KEPT, _KEPT), Image.Resampling.NEAREST)
    gray, alpha = (np.asarray(image.convert("LA"))[..., k] for k in (0, 1))
    seen = gray[alpha > alpha.max() / 2]
    return "black" if seen.size and np.quantile(seen, 0.01) > _LIGHT else "white"
