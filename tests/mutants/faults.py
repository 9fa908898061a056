"""Mutants of what a fault leaves: a study cut short, processes without a parent, a folder half made, an empty path."""

from tests.mutants import Mutant

SEARCH, MANY, SIDES = "tfnotes/sweep/search.py", "tfnotes/experiments/_processes.py", "tfnotes/training/side_by_side.py"
DATA = ("tests/data/test_prepared.py", "-k", "how_far")
PREPARED = ("tests/tasks/test_imdb.py", "-k", "capitals or plain_makes")
LEDGER, PATHS, PLAIN = "tfnotes/experiments/ledger.py", "tfnotes/cli/_paths.py", "tasks/imdb/plain.py"
SWEEP, TOGETHER = ("tests/sweep/test_sweep.py",), ("tests/training/test_side_by_side.py",)
SHARED, ENTRIES = ("tests/experiments/test_processes.py",), ("tests/experiments/test_ledger.py", "-k", "no_ledger")

MUTANTS = [
    Mutant("tfnotes/data/prepared.py", "progress(number, max(number, total))", "progress(number, None)", DATA),
    Mutant("tfnotes/data/prepared.py", "itertools.count(1)", "itertools.count()", DATA),
    Mutant("tfnotes/files.py", '")[:200].decode', '").decode', ("tests/test_files.py",)),
    Mutant("tfnotes/files.py", "leftover.name.startswith(begin)", "True", ("tests/test_files.py",)),
    Mutant(SEARCH, 'rfind(b"\\n") + 1', 'rfind(b"\\n")', SWEEP),
    Mutant(SEARCH, "        _cut(path)\n", "", SWEEP),
    Mutant(SEARCH, "            if not whole:", "            if False:", SWEEP),
    Mutant(MANY, "    parent.join()\n", "", SHARED),
    Mutant(MANY, "if process not in others", "if process in others", SHARED),
    Mutant(MANY, "signal.SIG_BLOCK, {signal.SIGINT}", "signal.SIG_BLOCK, ()", SHARED),
    Mutant(SIDES, '["batch_size"], examples))', '["batch_size"], 2 * examples))', TOGETHER),
    Mutant(SIDES, "not run.metrics() and", "run.metrics() and", TOGETHER),
    Mutant(SIDES, "                run.path.parent.rmdir()", "                pass", TOGETHER),
    Mutant(LEDGER, 'isinstance(entry.get("verdict"), str)', "True", ENTRIES),
    Mutant(PATHS, 'if value in ("", b"")', "if False", ("tests/cli/test_paths.py",)),
    Mutant(PLAIN, "tf.where(tf.gather(capitals, place) == codes", "tf.where(True", PREPARED),
    Mutant(PLAIN, "low if len(low) == 1 else chr(code)", "chr(code)", PREPARED),
]
