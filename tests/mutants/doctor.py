"""Mutants of the doctor: thresholds, epochs, and which figures a rule looks at."""

from tests.mutants import Mutant

RULES, HISTORY, EXAMINE = (f"tfnotes/doctor/{name}.py" for name in ("rules", "history", "examine"))
BY_HAND, COMMAND = ("tests/doctor/test_rules.py",), ("tests/cli/test_doctor.py",)


def mutant(old, new):
    """Of a rule."""
    return Mutant(RULES, old, new, BY_HAND)


MUTANTS = [
    mutant("lambda share: share < VANISHED", "lambda share: share > VANISHED"),
    mutant("norm / largest[epoch] for epoch", "norm for epoch"),
    mutant("if largest[epoch] > 0}", "}"),
    mutant("lambda norm: not norm <= EXPLODED", "lambda norm: not norm <= 10 * EXPLODED"),
    mutant("history.epochs + 1, history.diverged, then", "history.epochs, history.diverged, then"),
    mutant("lambda norm: not norm <= EXPLODED", "lambda norm: norm > EXPLODED"),
    mutant("not math.isfinite(value)", "math.isnan(value)"),
    mutant("yield (), wrong[0], measured", "yield (), wrong[-1], measured"),
    mutant("lambda share: share >= dead_units.LIMIT", "lambda share: share > dead_units.LIMIT"),
    mutant("lambda share: share >= saturation.LIMIT", "lambda share: share > saturation.LIMIT"),
    mutant("right - right_held >= GAP and", "right - right_held >= 0.5 * GAP and"),
    mutant("and 1 - right_held >= TIMES * (1 - right)", ""),
    mutant('end = best if history.config.get("patience") else last', "end = last"),
    mutant(" and best < last", ""),
    mutant("held[end] > RISE * held[best]", "held[end] > held[best]"),
    mutant(" and train[end] < train[best]", ""),
    mutant("if epoch > 1}", "}"),
    mutant("if ratio > update_ratios.HIGH}", "if ratio > 10 * update_ratios.HIGH}"),
    mutant(" and losses[epoch] > LEFT * losses[min(losses)]", ""),
    mutant("losses[epoch] > JUMP * best > 0", "losses[epoch] > best > 0"),
    mutant("if max(ratios.values()) < update_ratios.LOW", "if min(ratios.values()) < update_ratios.LOW"),
    mutant("elif len(losses) >= ENOUGH:", "elif losses:"),
    mutant("wrong(curve[epoch]):\n            break\n", "wrong(curve[epoch]):\n            continue\n"),
    Mutant(HISTORY, 'if row.get("stage") == rows[-1].get("stage")', "", ("tests/doctor/test_history.py",)),
    Mutant(HISTORY, 'if "diverged" not in tags:', "if True:", COMMAND),
    Mutant(HISTORY, "event_files.records(path, unread.append)", "event_files.records(path, print)", COMMAND),
    Mutant(EXAMINE, "return not self.findings and not self.unread", "return not self.findings", COMMAND),
    Mutant(EXAMINE, "if rule.illness not in found and rule.needs", "if rule.needs", COMMAND),
    Mutant(EXAMINE, "f.due_to(causes[f.illness]) if f.illness in causes else f", "f", BY_HAND),
    mutant("lambda loss: loss > WORSE", "lambda loss: loss > 0.1 * WORSE"),
    mutant("{epoch: losses[epoch] for epoch in right}", "losses"),
    mutant("if since and not _exploded(history) and", "if since and"),
    mutant(" and not _misscaled(history)", ""),
    Mutant("tfnotes/language.py", "for name in _VARIABLES", "for name in _VARIABLES[:1]", COMMAND),
    Mutant("tfnotes/cli/train.py", "for found in examine(run.path).findings:", "for found in ():", COMMAND),
    Mutant("tfnotes/cli/doctor.py", "ctx.exit(0 if report.healthy else ILL)", "ctx.exit(0)", COMMAND),
]
