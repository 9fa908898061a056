"""Mutants of the doctor: thresholds, epochs, and which figures a rule looks at."""

from tests.mutants import Mutant

PARTS = ("figures", "inputs", "rate", "layers", "generalization")
HISTORY, EXAMINE, EVENTS = (f"tfnotes/doctor/{name}.py" for name in ("history", "examine", "events"))
HEALTH = "tfnotes/training/health.py"
ON_KERAS, CALLBACK = ("tests/doctor/test_events.py",), ("tests/callbacks/test_doctor.py",)
BY_HAND, COMMAND = ("tests/doctor/test_rules.py",), ("tests/cli/test_doctor.py",)


def mutant(part, old, new):
    """Of a rule."""
    return Mutant(f"tfnotes/doctor/rules/{part}.py", old, new, BY_HAND)


MUTANTS = [
    mutant("layers", "lambda share: share < VANISHED", "lambda share: share > VANISHED"),
    mutant("layers", "norm / largest[epoch] for epoch", "norm for epoch"),
    mutant("layers", "if largest[epoch] > 0}", "}"),
    mutant("layers", "lambda norm: not norm <= EXPLODED", "lambda norm: not norm <= 10 * EXPLODED"),
    mutant("rate", "default=history.epochs + 1)", "default=history.epochs)"),
    mutant("rate", "set(losses) - set(finite(losses))", "set(finite(losses))"),
    mutant("rate", "losses[worst] <= THROWN * guess", "losses[worst] <= guess"),
    mutant("rate", "and losses and guesses(history)", "and losses"),
    mutant("rate", "and not _still(history):", ":"),
    mutant("rate", "max(1, min(moved) - 1)", "min(moved)"),
    mutant("rate", "max(ratios.values()) < LOW if ratios else bool", "bool"),
    mutant("rate", "_advice(history, FAR_LOWER)", "_advice(history, LOWER)"),
    mutant("rate", "history.rate * factor", "history.rate / factor"),
    mutant("layers", "lambda norm: not norm <= EXPLODED", "lambda norm: norm > EXPLODED"),
    mutant("figures", "not math.isfinite(value)", "math.isnan(value)"),
    mutant("figures", "yield (), wrong[0], measured", "yield (), wrong[-1], measured"),
    mutant("layers", "lambda share: share >= DEAD", "lambda share: share > DEAD"),
    mutant("layers", "lambda share: share >= SATURATED", "lambda share: share > SATURATED"),
    mutant("generalization", "right - right_held >= GAP and", "right - right_held >= 0.5 * GAP and"),
    mutant("generalization", "and 1 - right_held >= times * (1 - right)", ""),
    mutant("generalization", 'end = best if history.config.get("patience") else last', "end = last"),
    mutant("generalization", "TIMES if best < last else FALLING", "TIMES"),
    mutant("generalization", "TIMES if best < last else FALLING", "FALLING"),
    mutant("generalization", "> RISE * held[best]", "> held[best]"),
    mutant("generalization", "min(train.get(best, 0), held[end])", "train.get(best, 0)"),
    mutant("generalization", "min(after[-LASTS:])", "max(after[-LASTS:])"),
    mutant("generalization", "len(after) >= LASTS", "len(after) > LASTS"),
    mutant("generalization", " and train.get(end, held[end]) < min(train.get(best, 0), held[end])", ""),
    mutant("rate", "if epoch > 1}", "}"),
    mutant("rate", "if ratio > HIGH}", "if ratio > 10 * HIGH}"),
    mutant("rate", " and losses[epoch] > LEFT * losses[min(losses)]", ""),
    mutant("rate", "losses[epoch] > JUMP * best > 0", "losses[epoch] > best > 0"),
    mutant("rate", "if max(ratios.values()) < LOW", "if min(ratios.values()) < LOW"),
    mutant("figures", "if len(losses) < ENOUGH:", "if not losses:"),
    mutant("figures", " if len(right) >= ENOUGH else None", ""),
    mutant("figures", "guess + GAINED * (1 - guess)", "guess"),
    mutant("figures", "limit = ABOVE * history.baseline", "limit = history.baseline"),
    mutant("figures", "last(right) > (1 + guess) / 2", "False"),
    mutant("figures", "    if history.diverged:\n        return\n", ""),
    mutant("layers", "if last(curve) == 0 and", "if False and"),
    Mutant(HISTORY, "]):\n            break\n", "]):\n            continue\n", BY_HAND),
    Mutant(HEALTH, 'if row.get("stage") == rows[-1].get("stage")', "", ("tests/doctor/test_history.py",)),
    Mutant(EVENTS, 'if "diverged" in tags:', "if False:", COMMAND),
    Mutant(EVENTS, "event_files.records(path, unread.append)", "event_files.records(path, print)", COMMAND),
    Mutant(EVENTS, "{step + 1: value for", "{step: value for", ON_KERAS),
    Mutant(EVENTS, ".max() / size)", ".max())", ON_KERAS),
    Mutant(EVENTS, "if path.name != _VALIDATION]", "]", ON_KERAS),
    Mutant("tfnotes/callbacks/doctor.py", "shares(self.y) is not None", "True", CALLBACK),
    Mutant("tfnotes/callbacks/doctor.py", "        self._note(figures.get", "        (figures.get", CALLBACK),
    Mutant("tfnotes/callbacks/baseline.py", "-np.sum(", "np.sum(", ("tests/callbacks/test_baseline.py",)),
    Mutant(EXAMINE, "return not self.findings and not self.unread", "return not self.findings", COMMAND),
    Mutant(EXAMINE, "if rule.illness not in found and rule.needs", "if rule.needs", COMMAND),
    Mutant(EXAMINE, "f.due_to(causes[f.illness]) if f.illness in causes else f", "f", BY_HAND),
    mutant("figures", '("accuracy"), WORSE', '("accuracy"), 0.1 * WORSE'),
    mutant("figures", "if not right or ", "if right and "),
    mutant("rate", "if begun and not exploded(history) and", "if begun and"),
    mutant("rate", "exploded(history) and not _flung(history)", "exploded(history)"),
    mutant("rate", "curve.get(1, 0.0) > FLUNG", "curve.get(1, 0.0) > 10 * FLUNG"),
    mutant("rate", " and not fault_of(history)", ""),
    Mutant("tfnotes/language.py", "for name in _VARIABLES", "for name in _VARIABLES[:1]", COMMAND),
    Mutant("tfnotes/cli/train.py", "for found in examine(run.path).findings:", "for found in ():", COMMAND),
    Mutant("tfnotes/cli/doctor.py", "ctx.exit(0 if report.healthy else ILL)", "ctx.exit(0)", COMMAND),
]
