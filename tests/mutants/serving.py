"""Mutants of the server: whose rows are whose, what is let in, who asks again, what is loaded."""

from tests.mutants import Mutant

SERVER = "tfnotes/serving/server/"
BATCHES = ("tests/serving/server/test_batching.py",)
DOOR = ("tests/serving/server/test_door.py", "-k", "replica or longer or fault")
GUARD = ("tests/serving/server/test_limits.py", "-k", "slowly or leaves or file_of or take")
TENSORS = ("tests/serving/server/test_tensors.py",)

MUTANTS = [
    Mutant(f"{SERVER}batching.py", "start += one.rows", "start += 1", BATCHES),
    Mutant(f"{SERVER}batching.py", "one.key == group[0].key and ", "", BATCHES),
    Mutant(f"{SERVER}batching.py", "rows + one.rows <= self._settings.max_batch", "True", BATCHES),
    Mutant(f"{SERVER}batching.py", "if one.answer.done():", "if False:", BATCHES),
    Mutant(f"{SERVER}batching.py", "any(len(value) != rows", "any(False", BATCHES),
    Mutant(f"{SERVER}door.py", "except self._gone:", "except Exception:", DOOR),
    Mutant(f"{SERVER}door.py", '"body": await _body(receive)', '"body": b""', DOOR),
    Mutant(f"{SERVER}guard.py", 'if message["type"] == "http.disconnect":', "if False:", GUARD),
    Mutant(f"{SERVER}tensors.py", "array.min() < low or array.max() > high", "array.max() > high", TENSORS),
    Mutant(f"{SERVER}tensors.py", "wanted not in (None, size)", "False", TENSORS),
    Mutant(f"{SERVER}tensors.py", "and not np.isfinite(array).all()", "and False", TENSORS),
]
