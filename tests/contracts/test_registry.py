"""Nothing public escapes the contracts: every class and function is registered, every gap has its reason."""

import importlib
import inspect
import re
from pathlib import Path

import keras
import pytest

from tests.contracts import test_config, test_errors, test_export, test_parity
from tests.contracts.cases import CONTRACTS, contract
from tfnotes import registry

assert all((test_config, test_errors, test_export, test_parity))

ROOT = Path(__file__).resolve().parents[2]

# Names that are no concepts, of every package: parts of recurrent layers have their proofs in tests/layers.
HELPERS = {"get", "deserialize", "serialize", "RNN", "SimpleRNNCell", "LSTMCell", "GRUCell", "StackedRNNCells", "gates"}


@pytest.mark.parametrize("kind", registry.KINDS)
def test_every_public_name_is_a_registered_concept(kind):
    package = importlib.import_module(f"tfnotes.{kind}")
    public = {n for n in dir(package) if not n.startswith("_") and callable(getattr(package, n))}
    assert public == set(package.__all__)
    # Beside a loss stands its function (test_functions.py).
    functions = {c.name for c in registry.concepts("losses")} if kind == "losses" else set()
    unregistered = [n for n in public - HELPERS - functions if not registry.is_concept(getattr(package, n))]
    assert not unregistered
    missing = [c.name for c in registry.concepts(kind) if getattr(package, c.target.__name__, None) is not c.target]
    assert not missing


@pytest.mark.parametrize("concept", registry.concepts(), ids=lambda c: f"{c.kind}.{c.name}")
def test_what_a_concept_leaves_out_is_a_contract_and_has_a_reason(concept):
    for name, reason in concept.exempt.items():
        assert name in {*CONTRACTS, "arguments", "float64 on other backends"}, f"no contract is called {name!r}"
        assert len(reason.split()) >= 5, f"{name}: {reason!r} is no reason"
    if concept.twin is not None:
        assert "parity" not in concept.exempt
    assert concept.twin is None or concept.twin_target() is not None


@contract("docstring", samples=False)
def test_docstring_says_what_a_reader_needs(concept, sample):
    text = inspect.getdoc(concept.target)
    assert concept.zh.split(",")[0] in text, "the Chinese name"
    assert "Notes: " in text
    assert ">>> " in text, "an example"
    assert ("Returns:" in text) or concept.kind == "optimizers"
    assert ("Raises:" in text) or not inspect.signature(concept.target).parameters or concept.kind == "activations"
    if concept.twin:
        assert f"Differences from {concept.twin}:" in text
    parameters = inspect.signature(concept.target).parameters
    for name, p in parameters.items():
        if p.kind is not p.VAR_KEYWORD:
            assert re.search(rf"\b{name}\b", text), f"`{name}` isn't described"
    for lines in concept.notes:
        assert re.fullmatch(r"00[0-4]:\d+(-\d+)?", lines)
    module = importlib.import_module(concept.module)
    # As it stands in the file, for Python 3.13 takes indentation off `__doc__`.
    assert "\n    " in inspect.getsource(module).split('"""')[1], "the file opens with the equations"


@pytest.mark.parametrize(
    "concept", [c for c in registry.concepts() if c.twin is None], ids=lambda c: f"{c.kind}.{c.name}"
)
def test_a_concept_without_a_twin_has_a_proof_of_its_own(concept):
    path = ROOT / "tests" / concept.kind / f"test_{concept.module.rsplit('.', 1)[-1]}.py"
    assert path.exists(), f"{path} shall prove what no builtin can be compared with"
    assert path.read_text().count("\ndef test_") >= 3


def test_names_find_their_concept():
    for c in registry.concepts():
        assert registry.find(f"{c.kind}.{c.name}") is c
    for c in registry.concepts("activations"):
        assert registry.find(c.target.__name__) is c, "the layer's form is found by its class"
    # A function and a layer share the name; Python's spelling says which is meant.
    for name, kind in (("softmax", "activations"), ("Softmax", "layers"), ("elu", "activations"), ("ELU", "layers")):
        assert registry.find(name).kind == kind
    assert registry.find("XavierUniform").name == "glorot_uniform"
    with pytest.raises(ValueError, match="tfnotes: `name` must be a concept"):
        registry.find("no_such_concept")


def test_keras_resolves_our_names_after_registration():
    for c in registry.concepts():
        name = f"tfnotes>{c.target.__name__}"
        assert keras.saving.get_registered_object(name) is c.target
