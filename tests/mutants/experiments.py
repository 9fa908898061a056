"""Mutants of the experiments' core: what would let a verdict say more than its numbers."""

from tests.mutants import Mutant


def verdicts(old, new):
    return Mutant("tfnotes/experiments/_verdicts.py", old, new, ("tests/experiments/test_verdicts.py",))


def core(old, new, name="_experiment"):
    return Mutant(f"tfnotes/experiments/{name}.py", old, new, ("tests/experiments/test_experiment.py",))


def words(old, new):
    return Mutant("tfnotes/experiments/sentences.py", old, new, ("tests/experiments/test_sentences.py",))


def rule(name, old, new):
    return Mutant(f"tfnotes/experiments/{name}.py", old, new, ("tests/experiments/test_training_rules.py",))


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
    rule("filters", "gains(-ahead", "gains(ahead"),
    rule("filters", "matters(ahead[", "gains(ahead["),
    rule("filters", '"as_many_parameters_even": (18, 18, 18)', '"as_many_parameters_even": (16, 16, 16)'),
    rule("filters", '"as_many_operations_fewer_later": (20, 10, 5)', '"as_many_operations_fewer_later": (24, 12, 6)'),
    rule("filters", "1.5 * y[k]", "1.5 * (1 - y[k])"),
    rule("filters", "0.1 * y[:, None, None]", "0.4 * y[:, None, None]"),
    rule("directions", 'matters(ahead["previous"], 0.02)', 'gains(ahead["previous"], 0.0)'),
    rule("directions", 'matters(ahead["reviews"], 0.02)', 'matters(ahead["next"], 0.02)'),
    rule("pretraining", "order[y[order] == digit][:per_class]", "order[:per_class]"),
    rule("pretraining", "order = np.random.default_rng(seed)", "order = np.random.default_rng(0)"),
    rule("pretraining", 's["pretrained_few"] - s["relu_few"]', 's["pretrained_few"] - s["random_few"]'),
    rule("pretraining", "matters(all_, 0.01)", "gains(all_, -0.01)"),
    rule("pretraining", 'matters(few["pca"], 0.02)', 'matters(few["pixels"], 0.02)'),
    rule("pretraining", "right=all(gains(-difference", "right=all(gains(difference"),
    rule("generation", "np.sqrt(np.maximum(squares.min(1), 0))", "np.sqrt(np.maximum(squares.min(0), 0))"),
    rule("generation", "np.cov(x.T)", "np.diag(np.var(x, 0))"),
    rule("generation", 'above(s["drawn_rarest"], 0.02)', 'above(s["drawn_rarest"], -1)'),
    rule("generation", 's["drawn_to_training"] / s["test_to_training"]', 's["drawn_to_test"] / s["test_to_training"]'),
    rule("generation", "above(likelier, 20)", "above(likelier, 0)"),
    rule("speed", "np.min([", "np.max(["),
    rule("speed", "above(ratio, 1.05)", "above(ratio, 0.95)"),
    rule("_timing", "times.min(axis=0)", "times.max(axis=0)"),
    rule("_timing", "(round_ + k) % len(functions)", "k"),
]
