"""Mutants of what the proofs themselves rest on: the measure, the comparison, the direction of imports."""

from tests.mutants import Mutant

PARITY, COMPARE, GRADIENTS = "tfnotes/parity.py", "tfnotes/compare.py", "tfnotes/_gradients.py"
COMMAND, TASK = "tfnotes/cli/compare.py", "tfnotes/task.py"

MEASURE = ("tests/test_parity.py",)
COMMANDS = ("tests/cli/test_concepts.py",)
IMPORTS = ("tests/test_imports.py",)

MUTANTS = [
    Mutant(PARITY, "nan=np.inf", "nan=0.0", MEASURE),
    Mutant(PARITY, "np.where(a == b, 0.0, np.abs(a - b) / scale)", "np.abs(a - b)", MEASURE),
    Mutant(
        PARITY,
        "np.nan_to_num(relative, nan=np.inf).max()",
        "np.nan_to_num(relative, nan=np.inf).mean()",
        MEASURE,
    ),
    Mutant(PARITY, 'return float("inf")', "return 0.0", MEASURE),
    Mutant(
        PARITY,
        '        arrays = {"values": y, "input gradient": dx}',
        '        arrays = {"values": y, "input gradient": 0 * dx}',
        MEASURE,
    ),
    Mutant(PARITY, 'arrays |= {f"{n} after": a for', 'arrays |= {f"{n} after": 0 * a for', MEASURE),
    Mutant(GRADIENTS, "output * tf.constant(cotangent(", "output * tf.ones_like(cotangent(", MEASURE),
    Mutant(
        COMPARE,
        "max(largest.get(name, 0.0), difference)",
        "min(largest.get(name, 0.0), difference)",
        COMMANDS,
    ),
    Mutant(COMPARE, "if k % 2:", "if False:", MEASURE),
    Mutant(COMPARE, "[a / b for a, b in times]", "[b / a for a, b in times]", MEASURE),
    Mutant(COMMAND, '"cases": cases * len(concept.samples)', '"cases": cases', COMMANDS),
    Mutant(COMMAND, "registry.find(name)", 'registry.find("dense")', COMMANDS),
    Mutant(COMMAND, "import click\n", "import click\nimport rich\n", IMPORTS),
    Mutant(GRADIENTS, "import numpy as np\n", "import numpy as np\n\nfrom tfnotes import layers\n", IMPORTS),
    Mutant(GRADIENTS, "import numpy as np\n", "import numpy as np\nfrom keras.src import backend\n", IMPORTS),
    Mutant(
        TASK,
        "from tfnotes.errors import InputError\n",
        "from tfnotes_tasks import mnist\nfrom tfnotes.errors import InputError\n",
        IMPORTS,
    ),
    Mutant("tfnotes/__init__.py", "import importlib\n", "import importlib\n\nimport keras\n", IMPORTS),
]
