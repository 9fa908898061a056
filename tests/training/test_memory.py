"""Models and batches that no memory holds are refused before they take it."""

from types import SimpleNamespace

import keras
import pytest

from tfnotes.errors import InputError
from tfnotes.training import memory
from tfnotes.training.config import configure
from tfnotes.training.setup import Setup


@pytest.mark.parametrize("filters", ["1000000000", "99999999999", "9" * 30])
def test_endless_weights(toy, filters):
    add_weight = keras.Layer.add_weight
    with pytest.raises(InputError, match=r"^toy: the options must give a model that can be trained in .* conv, up to"):
        Setup(configure(toy, settings=[f"filters={filters}"]), toy).build()
    assert keras.Layer.add_weight is add_weight


def test_the_limit_is_the_machines(toy, monkeypatch):
    # 28 * 28 * 10 + 10 weights, and three numbers more for each.
    needed = 7850 * 4 * 4
    for total in (needed, needed - 1):
        monkeypatch.setattr(memory.psutil, "virtual_memory", lambda total=total: SimpleNamespace(total=total))
        setup = Setup(configure(toy, model="linear"), toy)
        if total == needed:
            model = setup.build()
        else:
            with pytest.raises(InputError, match="logits, up to which it has 7,850 weights"):
                setup.build()
    # What flatten and logits give, and the gradients.
    needed = 3 * (784 + 10) * 4 * 2
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: SimpleNamespace(total=needed))
    memory.check_batch("toy", model, 3)
    with pytest.raises(InputError, match=r"Received: batches of 4, which take"):
        memory.check_batch("toy", model, 4)


def test_how_much_it_has_and_what_it_would_take_are_said(toy, monkeypatch):
    setup = Setup(configure(toy, model="linear"), toy)
    model = setup.build()
    monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: SimpleNamespace(total=2 * 2**30))
    with pytest.raises(InputError) as raised:
        memory.check_batch("toy", model, 1_000_000)
    assert str(raised.value) == (
        "toy: the options must give a model that can be trained in this machine's 2 GiB. "
        "Received: batches of 1,000,000, which take 6 GiB between the layers."
    )
    # Weights add up over the layers; a layer of one number has one.
    with memory.bounded("toy"):
        layer = keras.layers.Layer(name="mine")
        layer.add_weight((2, 3))
        layer.add_weight(())
        layer.add_weight()
        monkeypatch.setattr(memory.psutil, "virtual_memory", lambda: SimpleNamespace(total=16 * 12))
        assert layer.add_weight(shape=(4,), initializer="ones").numpy().tolist() == [1] * 4
        with pytest.raises(InputError, match="Received: mine, up to which it has 13 weights"):
            layer.add_weight(shape=1)
