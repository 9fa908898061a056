"""Mutants of what carries models and weights over: tfnotes/convert, the registry's lookups, configs of Keras."""

from tests.mutants import Mutant

CONFIGS, MODEL = "tfnotes/convert/_configs.py", "tfnotes/convert/_model.py"
FORWARD, STATE = "tfnotes/convert/feedforward.py", "tfnotes/convert/_state.py"
COUNTERPARTS, BASE = "tfnotes/counterparts.py", "tfnotes/layers/_base.py"
WHOLE, WEIGHTS = ("tests/convert/test_model.py",), ("tests/convert/test_feedforward.py",)
STATES, NAMES = ("tests/convert/test_recurrent.py",), ("tests/test_counterparts.py",)

MUTANTS = [
    Mutant(CONFIGS, 'config["compile_config"] = _walk(compiled, to, kept)', "pass", WHOLE),
    Mutant(CONFIGS, "made.compute_output_shape(tuple(shape))", "pass", WHOLE),
    Mutant(CONFIGS, 'if key != "build_config"', "if key", WHOLE),
    Mutant(MODEL, "            sink.assign(source)\n    for layer in", "            pass\n    for layer in", WHOLE),
    Mutant(MODEL, "layer.finalize_state()", "pass", WHOLE),
    Mutant(MODEL, "for of in (lambda m: m.weights, _seeds):", "for of in (lambda m: m.weights,):", WHOLE),
    Mutant(MODEL, "    _copy_optimizer(given, made)\n", "", WHOLE),
    Mutant(MODEL, "    made.trainable = given.trainable\n", "    made.trainable = True\n", WHOLE),
    Mutant(FORWARD, "kernel.transpose(3, 2, 0, 1)", "kernel.transpose(3, 2, 1, 0)", WEIGHTS),
    Mutant(FORWARD, "weight.transpose(2, 3, 1, 0)", "weight.transpose(3, 2, 1, 0)", WEIGHTS),
    Mutant(FORWARD, "(height, width, channels), (2, 0, 1)", "(height, width, channels), (2, 1, 0)", WEIGHTS),
    Mutant(FORWARD, "(channels, height, width), (1, 2, 0)", "(channels, height, width), (2, 1, 0)", WEIGHTS),
    Mutant(FORWARD, '("weight", "bias", *statistics)', '("bias", "weight", *statistics)', WEIGHTS),
    Mutant(STATE, "if missing or extra:", "if missing:", STATES),
    Mutant(STATE, "(some or name in required)", "name in required", STATES),
    Mutant(COUNTERPARTS, 'registered in (None, name, config["class_name"])', "True", NAMES),
    Mutant(COUNTERPARTS, 'if c.kind == "losses" and name != c.target.__name__:', "if False:", NAMES),
    Mutant(BASE, '"time_major": (None, False)', '"time_major": (None, False, True)', NAMES),
]
