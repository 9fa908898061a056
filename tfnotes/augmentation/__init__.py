"""Augmentation layers: seeded random changes in training, the identity in inference."""

__all__: list[str] = []
