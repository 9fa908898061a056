"""Mutants of what is looked at before an export runs: metadata, graphs, sizes; and of what answers are compared by."""

from tests.mutants import Mutant

METADATA, TRUSTED = "tfnotes/serving/metadata.py", "tfnotes/serving/trusted.py"
COMPARED, UNPACKED = "tfnotes/serving/compared.py", "tfnotes/training/unpacked.py"
PREPARATIONS, RESIZING = "tfnotes/serving/preparations/__init__.py", "tfnotes/serving/resizing.py"
EXAMPLES = "tfnotes/serving/examples.py"
RULES = "tfnotes/serving/preparations/words.py"

TYPED = ("tests/serving/preparations/test_words.py", "-k", "rules")
WORDS = ("tests/serving/preparations/test_words.py", "-k", "nobody or batch")
RESIZED = ("tests/serving/preparations/test_resized.py",)

MUTANTS = [
    Mutant(METADATA, "_own_sum(content, digest) != digest", "False"),
    Mutant(METADATA, '".." in PurePosixPath(name).parts', "False"),
    Mutant("tfnotes/documents.py", "len(found) > limit", "False", ("tests/test_documents.py",)),
    Mutant(METADATA, "if name not in endpoints:", "if False:"),
    Mutant(TRUSTED, "not _SAVING.fullmatch(node.op)", "False"),
    Mutant(TRUSTED, "node not in saver and saves.intersection(_called(node))", "False"),
    Mutant(TRUSTED, 'node.name in named and graph.HasField("object_graph_def")', "node.name in named"),
    Mutant(TRUSTED, " - set(graph.object_graph_def.concrete_functions)", ""),
    Mutant(TRUSTED, '("saved_model.cpb", "saved_model.pbtxt")', "()"),
    Mutant(TRUSTED, "|PyFunc|", "|"),
    Mutant(
        EXAMPLES,
        "file_size for inner in archive.infolist()) > LIMIT",
        "compress_size for inner in archive.infolist()) > LIMIT",
    ),
    Mutant(EXAMPLES, "if 0 in (len(value)", "if -1 in (len(value)"),
    Mutant(COMPARED, "1e-6 + 1e-5 * np.abs(wanted)", "1e-6 + 1e-3 * np.abs(wanted)"),
    Mutant(COMPARED, "max(1.0, float(np.max(np.abs(wanted), initial=0)))", "1.0"),
    Mutant(COMPARED, "most = max(most, off)", "most = off"),
    Mutant(COMPARED, 'if wanted.dtype.kind != "f":', "if False:"),
    Mutant(UNPACKED, "if _size(stored) > limit:", "if False:"),
    Mutant(UNPACKED, "sum(inner.file_size for inner", "sum(inner.compress_size for inner"),
    Mutant(RULES, "not set(pairs) <= set(REPLACEMENTS) or ", "", TYPED),
    Mutant(RULES, "len(pairs) > len(REPLACEMENTS)", "False", TYPED),
    Mutant(RULES, " and len(part) <= 1", "", TYPED),
    Mutant(PREPARATIONS, "needed <= settings.keys()", "True", WORDS),
    Mutant(PREPARATIONS, "axes == taken and ", "", WORDS),
    Mutant(RESIZING, "tf.round(tf.round(pixels * 1024.0) / 1024.0)", "tf.round(pixels)", RESIZED),
    Mutant(RESIZING, "tf.maximum(scale, 1.0)", "1.0", RESIZED),
]
