"""Mutants of the experiments' core: what would let a verdict say more than its numbers."""

from tests.mutants import Mutant


def verdicts(old, new):
    return Mutant("tfnotes/experiments/_verdicts.py", old, new, ("tests/experiments/test_verdicts.py",))


def plan(old, new):
    return Mutant("tfnotes/experiments/_plan.py", old, new, ("tests/experiments/test_plan.py",))


def core(old, new, name="_experiment"):
    return Mutant(f"tfnotes/experiments/{name}.py", old, new, ("tests/experiments/test_experiment.py",))


def words(old, new):
    return Mutant("tfnotes/experiments/sentences.py", old, new, ("tests/experiments/test_sentences.py",))


def rule(name, old, new):
    return Mutant(f"tfnotes/experiments/{name}.py", old, new, ("tests/experiments/test_training_rules.py",))


MUTANTS = [
    verdicts("if all(held.values()):", "if any(held.values()):"),
    verdicts("if not right:", "if right is False:"),
    verdicts("if unclear:", "if len(unclear) == len(cases):"),
    verdicts("half = t_quantile(n - 1, level)", "half = t_quantile(n, level)"),
    verdicts("values.std(ddof=1)", "values.std()"),
    verdicts("level) * deviation / n**0.5", "level) * deviation / n"),
    verdicts("True if mean.low >= minimum", "True if mean.high >= minimum"),
    verdicts("False if mean.high <= -minimum", "False if mean.high <= minimum"),
    verdicts("True if mean.low > threshold", "True if mean.low >= threshold - 1"),
    verdicts("outside = mean.high < target - margin or mean.low > target + margin", "outside = True"),
    verdicts("return self.holds is True", "return self.holds is not False"),
    verdicts("holds=None if self.holds is None else not self.holds", "holds=not self.holds"),
    verdicts("self.bound - past if self.below else self.bound + past", "self.bound + past"),
    verdicts("return self.bound - past", "return self.bound"),
    verdicts("t.sf(past, n - 1, c) - found", "t.cdf(past, n - 1, c) - found"),
    verdicts("True if mean.low > 0 else False if mean.high < 0 else None", "True if mean.value > 0 else False"),
    verdicts("return Answer(True, mean, 0, level)", "return Answer(False, mean, 0, level)"),
    verdicts("extras.needed(module, ", "__import__('importlib').import_module(module) or extras.needed(module, "),
    plan("* LEVEL / self.looks[-1]", "* LEVEL / self.looks[0]"),
    plan("strict=True) if n <= seeds]", "strict=True)]"),
    plan("rule(values[:n], *bounds, level=level)", "rule(values, *bounds, level=level)"),
    plan("rule(values[:n], *bounds, level=level)", "rule(values[:n], *bounds)"),
    plan("if answer.holds is not None:\n                break", "if False:\n                break"),
    plan("replace(answer, most=last[0], level=last[1])", "replace(answer, level=last[1])"),
    plan("minimum - abs(mean.value)", "minimum"),
    plan("self if seeds in self.looks else", "self if seeds else"),
    verdicts("np.max(np.abs(differences))", "np.mean(np.abs(differences))"),
    words("if field_name in self.figures:", "if False:"),
    words("f\"{100 * number:.1f}{unit}", "f\"{number:.1f}{unit}"),
    words('" ({low} to {high})" if self.language == "en"', '" ({low} to {high})" if True'),
    words("if 0.01 <= factor < 10 else", "if 0.01 <= logarithm < 10 else"),
    words('if entry["open"] == [FEW]:', "if False:"),
    words('if language == "zh" else filled', 'if language == "en" else filled'),
    Mutant(
        "tfnotes/experiments/_experiment.py",
        "samples[a] - samples[b] if sign",
        "samples[b] - samples[a] if sign",
        ("tests/experiments/test_sentences.py",),
    ),
    core("if seeds < least:", "if seeds <= least:"),
    core("if values.ndim == 1}", "}"),
    core("min(experiment.seeds, _experiment", "max(experiment.seeds, _experiment", "run"),
    core("value < 1)", "value < 0)", "run"),
    rule("dying", "np.max(h.numpy(), axis=0) <= 0", "np.min(h.numpy(), axis=0) <= 0"),
    rule("dying", "model.layers[:-1]", "model.layers[:1]"),
    rule("dying", 'matters(s["weights"] - s["healthy"], 0.05)', 'gains(s["weights"] - s["healthy"], -0.05)'),
    rule("dying", "below(s[cure], 0.05)", "below(s[cure], 0.5)"),
    rule("dying", '"Xavier, negative biases": "biases_xavier"', '"Xavier, negative biases": "high_rate_xavier"'),
    rule("dying", 'if key != "works"}', "}"),
    rule("dying", "return decide(first | cases", "return decide(cases"),
    rule("penalties", 'above(s[f"{name}_time"], 1.1)', 'above(s[f"{name}_time"], 1.0)'),
    rule("penalties", 'loss(name, "hundredfold")', 'loss("l1", "hundredfold")'),
    rule("filters", "plan.leads(-ahead", "plan.leads(ahead"),
    rule("filters", 'plan.leads(ahead["spot"])', 'plan.leads(ahead["digits"])'),
    rule("dying", 'plan.leads(ahead[name, "works"], POINT)', 'plan.leads(ahead[name, "works"])'),
    rule("dying", "POINT).denied", "POINT)"),
    rule("digits", "right=plan.leads(-narrow)", "right=True"),
    rule("digits", "right=plan.leads(-many)", "right=True"),
    rule("digits", "right=plan.below(ratio, 4)", "right=plan.above(ratio, 4)"),
    rule("digits", 's[f"relu_{n}"] - s[f"sigmoid_{n}"]', 's[f"tanh_{n}"] - s[f"sigmoid_{n}"]'),
    rule("generalization", 'plan.alike(more["means"])', 'plan.leads(more["means"])'),
    rule("generalization", 's["gap_deep_narrow"] - s["gap_shallow"]', 's["gap_deep"] - s["gap_shallow"]'),
    rule("filters", '"as_many_parameters_even": (18, 18, 18)', '"as_many_parameters_even": (16, 16, 16)'),
    rule("filters", '"as_many_operations_fewer_later": (20, 10, 5)', '"as_many_operations_fewer_later": (24, 12, 6)'),
    rule("filters", "1.5 * y[k]", "1.5 * (1 - y[k])"),
    rule("filters", "0.1 * y[:, None, None]", "0.4 * y[:, None, None]"),
    rule("directions", 'matters(ahead["previous"], 0.02)', 'gains(ahead["previous"], 0.0)'),
    rule("directions", 'matters(ahead["reviews"], 0.02)', 'matters(ahead["next"], 0.02)'),
    rule("pretraining", "order[y[order] == digit][:per_class]", "order[:per_class]"),
    rule("pretraining", "order = np.random.default_rng(seed)", "order = np.random.default_rng(0)"),
    rule("pretraining", 's["pretrained_few"] - s["relu_few"]', 's["pretrained_few"] - s["random_few"]'),
    rule("pretraining", "plan.leads(all_)", "plan.leads(few)"),
    rule("pretraining", 'plan.leads(few["pca"])', 'plan.leads(few["pixels"])'),
    rule("pretraining", "right=all(gains(-difference", "right=all(gains(difference"),
    rule("generation", "np.sqrt(np.maximum(squares.min(1), 0))", "np.sqrt(np.maximum(squares.min(0), 0))"),
    rule("generation", "np.cov(x.T)", "np.diag(np.var(x, 0))"),
    rule("generation", 'above(s["drawn_rarest"], 0.02)', 'above(s["drawn_rarest"], -1)'),
    rule("generation", 's["drawn_to_training"] / s["test_to_training"]', 's["drawn_to_test"] / s["test_to_training"]'),
    rule("generation", "above(likelier, 20)", "above(likelier, 0)"),
    rule("speed", "plan.leads(ratio - 1)", "plan.leads(ratio - 0.95)"),
    Mutant(
        "tfnotes/experiments/run.py",
        "first = experiment.plan.first if experiment.plan else 0",
        "first = 0",
        ("tests/experiments/test_plan.py",),
    ),
    Mutant(
        "tfnotes/experiments/run.py",
        "if all(verdict != INCONCLUSIVE",
        "if any(verdict == INCONCLUSIVE",
        ("tests/experiments/test_plan.py",),
    ),
    Mutant(
        "tfnotes/experiments/ledger.py",
        'for key in ("design", "verdict")):',
        'for key in ("verdict",)):',
        ("tests/experiments/test_ledger.py",),
    ),
    rule("_timing", "times.min(axis=0)", "times.max(axis=0)"),
    rule("_timing", "(round_ + k) % len(functions)", "k"),
]
