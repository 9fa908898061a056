"""Augmentation layers: seeded random changes in training, the identity in inference."""

from tfnotes.augmentation.random_brightness import RandomBrightness
from tfnotes.augmentation.random_contrast import RandomContrast
from tfnotes.augmentation.random_rotation import RandomRotation
from tfnotes.augmentation.random_shear import RandomShear
from tfnotes.augmentation.random_translation import RandomTranslation
from tfnotes.augmentation.random_zoom import RandomZoom

__all__ = [
    "RandomBrightness",
    "RandomContrast",
    "RandomRotation",
    "RandomShear",
    "RandomTranslation",
    "RandomZoom",
]
