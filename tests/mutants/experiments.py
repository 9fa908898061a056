"""Mutants of the experiments' core: what would let a verdict say more than its numbers."""

from tests.mutants import Mutant


def verdicts(old, new):
    return Mutant("tfnotes/experiments/_verdicts.py", old, new, ("tests/experiments/test_verdicts.py",))


def core(old, new, name="_experiment"):
    return Mutant(f"tfnotes/experiments/{name}.py", old, new, ("tests/experiments/test_experiment.py",))


MUTANTS = [
    verdicts("if all(cases.values()):", "if any(cases.values()):"),
    verdicts("if right is not True:", "if right is False:"),
    verdicts("if unclear:", "if len(unclear) == len(cases):"),
    verdicts("t_quantile(n - 1)", "t_quantile(n)"),
    verdicts("values.std(ddof=1)", "values.std()"),
    verdicts("/ n**0.5", "/ n"),
    verdicts("True if low >= minimum", "True if high >= minimum"),
    verdicts("False if high <= -minimum", "False if high <= minimum"),
    verdicts("True if low > threshold", "True if low >= threshold - 1"),
    verdicts("if high < target - margin or low > target + margin", "if True"),
    verdicts("np.max(np.abs(differences))", "np.mean(np.abs(differences))"),
    core("if seeds < least:", "if seeds <= least:"),
    core("if values.ndim == 1}", "}"),
    core("min(experiment.seeds, _experiment", "max(experiment.seeds, _experiment", "run"),
    core("value < 1)", "value < 0)", "run"),
]
