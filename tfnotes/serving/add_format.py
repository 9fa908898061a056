"""Further formats for an export that stands."""

import shutil

import tensorflow as tf

from tfnotes import files
from tfnotes.errors import InputError
from tfnotes.serving import formats
from tfnotes.serving import metadata as metadata_file
from tfnotes.serving.examples import NAME as EXAMPLES
from tfnotes.serving.exported import Exported, described
from tfnotes.serving.formats import quantized


def add_format(
    path, wanted, report=lambda sentence: None, quantize=None, accuracy_loss=0.01, data_dir=None, trust=False
):
    """Adds formats to an export that stands, converted from its SavedModel; the run isn't needed.

    The files are checked with the examples that the export carries. They count from the moment when
    `metadata.json`, which takes the place of the old one at once, lists them.

    Args:
        path: the version's folder, or its task's folder for the newest.
        wanted: "onnx", "litert" or both; formats that stand are left as they are.
        report, quantize, accuracy_loss: as for `export`.
        data_dir: the data folder for `quantize`, None for TFDS's own.
        trust: as for `Exported`.

    Returns:
        The path of the version's folder.

    Raises:
        InputError: the export is damaged, has no SavedModel or no examples, or as for `export`.
        OSError: it can't be written.
    """
    if quantize:
        quantized.check(quantize, accuracy_loss, wanted)
    for name in wanted:
        formats.module(name).check()
    folder, about = described(path)
    if "saved_model" not in about["formats"]:
        raise InputError(
            "export: `add-format` must be of an export with a SavedModel, of which it is converted; export the run "
            f"again. Received: {folder}, which holds {', '.join(about['formats'])}."
        )
    exported = Exported(folder, "tensorflow", trust)
    if EXAMPLES not in exported.metadata["files"]:
        raise InputError(
            f"export: `add-format` must be of an export with {EXAMPLES}, which later versions of tfnotes "
            f"write; export the run again. Received: {exported.path}."
        )
    folder, metadata = exported.path, exported.metadata
    # Its variables live as long as this object.
    loaded = tf.saved_model.load(str(folder))
    good, reasons = formats.sort({name: loaded.signatures[name] for name in exported.endpoints})
    for name in wanted:
        if name in metadata["formats"]:
            quantized.refuse_standing(name, quantize, folder)
            continue
        formats.refuse_none(name, good, reasons)
        formats.tell(name, good, reasons, report)
        files.sweep(folder, locked=False)
        # What a killed process left, for metadata.json doesn't know it.
        shutil.rmtree(folder / name, ignore_errors=True)
        with files.scratch(folder, name) as aside:
            for file in metadata["files"]:
                if metadata_file.format_of(file) is None:
                    shutil.copy(folder / file, aside)
            kind = quantize if name == "litert" else None
            found = formats.add(aside, name, loaded.signatures, good, report, kind)
            if kind:
                metadata_file.write(aside, {**metadata, "formats": {name: found}})
                quantized.measure(found, aside, exported, accuracy_loss, data_dir)
            (aside / name).rename(folder / name)
        metadata = {**metadata, "formats": {**metadata["formats"], name: found}}
        metadata_file.write(folder, metadata)
    return folder
