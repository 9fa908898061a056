"""Mutants of papers' figures: what is counted, what is the same run, and what is trained again."""

from tests.mutants import Mutant

TABLE, RESULTS, SUMMARY, RUN = (f"tfnotes/reproduce/{name}.py" for name in ("table", "results", "summary", "run"))
COUNTED, SEEDS = ("tests/reproduce/test_table.py",), ("tests/reproduce/test_run.py",)

MUTANTS = [
    Mutant(TABLE, "100 * (1 - accuracy)", "100 * accuracy", COUNTED),
    Mutant(TABLE, "return figure <= other if self.lower", "return figure < other if self.lower", COUNTED),
    Mutant(TABLE, "if self.lower else figure >= other", "if not self.lower else figure >= other", COUNTED),
    Mutant(SUMMARY, "statistics.stdev", "statistics.pstdev", COUNTED),
    Mutant(SUMMARY, "len(self.results) ** 0.5", "(len(self.results) - 1) ** 0.5", COUNTED),
    Mutant(SUMMARY, "room = 2 * ", "room = 4 * ", COUNTED),
    Mutant(SUMMARY, "(1 if self.row.unit.lower else -1)", "1", COUNTED),
    Mutant(SUMMARY, 'or self.budget == "quick":', "or False:", COUNTED),
    Mutant(SUMMARY, "len(self.results) + len(self.earlier)", "len(self.results)", COUNTED),
    Mutant(RESULTS, "(read(path) if path.exists() else [])", "[]", COUNTED),
    Mutant(RESULTS, "if not all(math.isfinite(value)", "if not all(True", COUNTED),
    Mutant(RUN, "            if not os.path.lexists(self.path):\n", "            if True:\n", SEEDS),
    Mutant(RUN, 'self._keep({"command": self.command, "cpu_seconds": None})', "pass", SEEDS),
    Mutant(RUN, "before + _cpu_of_children() - begun", "_cpu_of_children() - begun", SEEDS),
    Mutant(RUN, "if not self._trained():", "if True:", SEEDS),
    Mutant(RUN, "        if not known:", "        if False:", SEEDS),
]
