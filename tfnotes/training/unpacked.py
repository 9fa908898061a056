"""How large a `.keras` file becomes when it is opened: a few megabytes of packed zeros can be a computer's memory.

Keras packs neither the archive nor the weights in it, so that what it writes is about as large as what it reads.
"""

import io
import zipfile

import h5py

MOST = 20
"""How many times its size a file may unpack to, for whoever has packed it anew."""


def check(path):
    """Refuses a `.keras` file that unpacks to much more than its size.

    Raises:
        ValueError: it does, or it is no such archive.
    """
    limit = MOST * path.stat().st_size
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(inner.file_size for inner in archive.infolist()) > limit:
                raise ValueError(f"it unpacks to more than {MOST} times its size")
            weights = [name for name in archive.namelist() if name.endswith(".h5")]
            for name in weights:
                with archive.open(name) as packed, h5py.File(io.BytesIO(packed.read()), "r") as stored:
                    if _size(stored) > limit:
                        raise ValueError(f"{name} in it unpacks to more than {MOST} times its size")
    # What isn't an archive raises whatever its decoders stumble over.
    except (zipfile.BadZipFile, RuntimeError, EOFError, KeyError) as error:
        raise ValueError(str(error)) from error


def _size(group):
    sizes = []
    group.visititems(lambda name, item: sizes.append(item.nbytes if isinstance(item, h5py.Dataset) else 0))
    return sum(sizes)
