"""Mutants of the portable endpoints: ids, layers and gates, the way back from codes, what ONNX holds."""

from tests.mutants import Mutant

TOKENIZER, INSIDE = "tasks/imdb/tokenizer.py", "tfnotes/serving/inside.py"
FORMATS, ONNX = "tfnotes/serving/formats/__init__.py", "tfnotes/serving/formats/onnx_format.py"
DBN, STACKED = "tfnotes/models/dbn.py", "tfnotes/models/stacked_denoising.py"
ONNX_RUNTIME = "tfnotes/serving/runtimes/onnx_runtime.py"

IDS = ("tests/tasks/test_imdb_tokenizer.py",)
BACK = ("tests/models/test_staged.py", "-k", "back_to_pixels")
MARKUP = ("tests/serving/preparations/test_words.py", "-k", "markup")
HELD = ("tests/serving/test_formats.py", "-k", "shapes_that or keeps_its_numbers or stands_in_the_way")

MUTANTS = [
    Mutant(TOKENIZER, "length - length // 4", "length // 4", IDS),
    Mutant(TOKENIZER, '"FIRST": length // 4', '"FIRST": length', IDS),
    Mutant("tfnotes/serving/preparations/words.py", r"[^<>]*)?/?>", r"[^<>]*)?>", MARKUP),
    Mutant("tasks/imdb/plain.py", r"\p{M} '])", r"\p{M} ])", IDS),
    Mutant(INSIDE, "if layer.go_backwards else tf.identity", "if not layer.go_backwards else tf.identity"),
    Mutant(INSIDE, "tf.where(seen_t, new, h)", "new"),
    Mutant(INSIDE, "tf.where(seen_t, value, 0.0)", "value"),
    Mutant(INSIDE, "gates(layer, sequences, mask)", "gates(layer, sequences)"),
    Mutant(INSIDE, '"hc"[: len(start)]', '"ch"[: len(start)]'),
    Mutant(INSIDE, 'getattr(layer, "backward_layer", None)', 'getattr(layer, "forward_layer", None)'),
    Mutant(
        INSIDE,
        "found = tf.scan(step, elements, blank | states)",
        "found = {n: turned(v) for n, v in tf.scan(step, [turned(e) for e in elements], blank | states, "
        "reverse=layer.go_backwards).items()}",
    ),
    Mutant(FORMATS, "or all(outputs)", "or any(outputs)", HELD),
    Mutant(FORMATS, "or all(outputs)", "", HELD),
    Mutant(FORMATS, 'found[name]["without"] = strings', "pass", HELD),
    Mutant(ONNX, "tensorflow.addFilter(_matters)", "pass", ("tests/serving/test_formats.py", "-k", "warning")),
    Mutant(
        ONNX_RUNTIME,
        '"float32" if name == "float" else name',
        "name",
        ("tests/serving/test_formats.py", "-k", "any_dtype"),
    ),
    Mutant(ONNX, "axes(specs[value.name].shape)", "axes(specs[value.name].shape)[:1]", HELD),
    Mutant(DBN, "ops.sigmoid(rbm.visible(codes))", "rbm.visible(codes)", BACK),
    Mutant(DBN, "self.rbms[:0:-1]", "self.rbms[:1:-1]", BACK),
    Mutant(STACKED, "ops.sigmoid(behind(codes))", "behind(codes)", BACK),
]
