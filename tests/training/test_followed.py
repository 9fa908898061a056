"""A run as another worker than the chief has it: it reads nothing of the folder, and leaves nothing."""

import keras
import numpy as np

from tfnotes.task import Recipe
from tfnotes.training.config import configure
from tfnotes.training.followed import Followed


class Told:
    """In a cluster's place: gives the bytes that the chief would."""

    def __init__(self, data=b""):
        self.data, self.asked = data, 0

    def broadcast(self, data=None):
        assert data is None
        self.asked += 1
        return self.data


def test_it_takes_part_and_keeps_nothing(toy, tmp_path):
    config = configure(toy, seed=5) | {"from": "/elsewhere", "inspect": "full"}
    run = Followed(tmp_path / "run", config, Told())
    assert run.config == {**config, "inspect": "off", "from": None}
    assert config["inspect"] == "full"
    with run.locked():
        run.check()
        run.refuse_without_checkpoint()
        run.write_metrics([{"epoch": 1}])
        run.write_model(None)
        run.write_test({"loss": 0.5})
    assert not list(tmp_path.iterdir())
    assert run.prepare(Recipe(len, prepare=abs)) is abs
    assert run.cluster.asked == 0


def test_what_the_chief_has_learned_is_taken_from_it(toy, tmp_path):
    learned = keras.Sequential([keras.Input((2,)), keras.layers.Rescaling(0.25)])
    learned.save(tmp_path / "preparation.keras")
    told = Told((tmp_path / "preparation.keras").read_bytes())
    (tmp_path / "preparation.keras").unlink()
    prepare = Followed(tmp_path / "run", configure(toy), told).prepare(Recipe(len, fit=abs))
    np.testing.assert_allclose(prepare(np.ones((1, 2))), [[0.25, 0.25]])
    assert told.asked == 1
    assert not list(tmp_path.iterdir())
