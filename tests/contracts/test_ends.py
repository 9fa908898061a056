"""The last value that a constructor argument still takes, by its name: what lies beyond is in bad_arguments.py."""

import dataclasses
import inspect

import pytest

from tests.contracts.cases import contract
from tfnotes import registry
from tfnotes.errors import InputError

KINDS = ("layers", "initializers", "regularizers", "constraints", "losses", "optimizers", "schedules", "metrics")
SHARE = (0, 1)
LAST = {
    "units": (1,),
    "num_classes": (1,),
    "input_dim": (1,),
    "output_dim": (1,),
    "pieces": (1,),
    "filters": (1,),
    "kernel_size": ((1, 2), (2, 1)),
    "pool_size": ((1, 2), (2, 1)),
    "momentum": SHARE,
    "renorm_momentum": SHARE,
    "rate": SHARE,
    "dropout": SHARE,
    "recurrent_dropout": SHARE,
    "label_smoothing": SHARE,
    "optimizers.rho": SHARE,
    "regularizers.rho": (1e-6, 1 - 1e-6),
    "beta_1": (0, 1 - 1e-9),
    "beta_2": (0, 1 - 1e-9),
    "beta": (0,),
    "epsilon": (1e-300,),
    "renorm_clipping": ({"rmin": 1, "rmax": 1}, {"rmax": 2.0}, {"dmax": 0}, {"rmin": None, "dmax": None}, {}),
    "ignore_class": (-1, 0),
    "negative_slope": (0,),
    "threshold": (0,),
    "max_value": (0,),
    "alpha": (-1.5, 0),
    "lower": (0,),
    "upper": (1 / 8,),
    "seed": (0, 2**63 - 1),
    "mean": (-1.5, 0),
    "stddev": (0,),
    "minval": (0.05,),
    "maxval": (-0.05,),
    "gain": (-1.5, 0),
    "value": (-1.5, 0),
    "initial_accumulator_value": (0,),
    "initial_learning_rate": (0,),
    "decay_rate": (0,),
    "decay_steps": (1,),
    "l1": (0,),
    "l2": (0,),
}


@contract("last values", KINDS, samples=False)
def test_the_last_value_of_a_range_is_taken_and_kept(concept, sample):
    for name in inspect.signature(concept.target).parameters:
        for value in LAST.get(f"{concept.kind}.{name}", LAST.get(name, ())):
            made = dataclasses.replace(sample, arguments={**sample.arguments, name: value}).make(concept.target)
            assert made.get_config()[name] == value, (name, value)


@pytest.mark.parametrize("name", ["exponential_decay", "inverse_time_decay", "step_decay"])
def test_a_period_may_be_a_part_of_a_step_but_where_steps_are_counted(name):
    schedule = registry.find(name).target
    if name == "step_decay":
        with pytest.raises(InputError, match=r"^StepDecay: `decay_steps` must be a positive integer\. Rec.*=2\.5"):
            schedule(1.0, 2.5)
    else:
        assert schedule(1.0, 0.5, 0.5).get_config()["decay_steps"] == 0.5
