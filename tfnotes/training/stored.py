"""What a run's `config.json` must hold."""

import math

_KEYS = {
    "task": str,
    "model": str,
    "data": str,
    "epochs": int,
    "batch_size": int,
    "learning_rate": float,
    "learning_rate_decay": float,
    "seed": int,
    "settings": dict,
    "versions": dict,
    "threads": int,
    "fingerprint": str,
}


def check_stored(config):
    """Raises a `ValueError` that says what is missing or wrong in what was read."""
    if not isinstance(config, dict):
        raise ValueError("no JSON object")
    for key, kind in _KEYS.items():
        if type(config.get(key)) is not kind:
            raise ValueError(f"{key} is missing or no {kind.__name__}")
    for key in ("epochs", "batch_size", "learning_rate", "learning_rate_decay", "threads"):
        if not 0 < config[key] < math.inf:
            raise ValueError(f"{key} is {config[key]}")
