"""Mutants of tfnotes/augmentation."""

from tests.mutants import Mutant

AFFINE = "tfnotes/augmentation/_affine.py"
BASE = "tfnotes/augmentation/_base.py"
ROTATION = "tfnotes/augmentation/random_rotation.py"
TRANSLATION = "tfnotes/augmentation/random_translation.py"
SHEAR = "tfnotes/augmentation/random_shear.py"
ZOOM = "tfnotes/augmentation/random_zoom.py"
BRIGHTNESS = "tfnotes/augmentation/random_brightness.py"
CONTRAST = "tfnotes/augmentation/random_contrast.py"

# A layer's numbers are held by hand and beside its twin's, its draws by statistics.
TESTS = tuple(f"tests/augmentation/test_{name}.py" for name in ("fixed", "_affine", "draws", "_base"))

MUTANTS = [
    Mutant(AFFINE, "a0 * column + a1 * row + a2", "a0 * column - a1 * row + a2", TESTS),
    Mutant(AFFINE, "(left, 1 - right), (left + 1, right)", "(left, right), (left + 1, 1 - right)", TESTS),
    Mutant(AFFINE, "2 * size - 1 - index", "2 * size - 2 - index", TESTS),
    Mutant(AFFINE, "(index < 0) | (index >= size)", "(index < 0) | (index > size)", TESTS),
    Mutant(AFFINE, "outside_y | outside_x", "outside_y & outside_x", TESTS),
    Mutant(AFFINE, "((0, 0), (0, 2))", "((0, 0), (2, 0))", TESTS),
    Mutant(BASE, 'dtype == "float64" or', 'dtype == "float32" or', TESTS),
    Mutant(BASE, 'self.fill_mode == "wrap"', 'self.fill_mode == "reflect"', TESTS),
    Mutant(BASE, "if not training:", "if False:", TESTS),
    Mutant(BASE, "seed=self.generator), (count,)", "seed=self.generator), (1,)", TESTS),
    Mutant(BASE, "(-abs(value), abs(value))", "(0, abs(value))", TESTS),
    Mutant(ROTATION, "cos, -sin, cx", "cos, sin, cx", TESTS),
    Mutant(ROTATION, "(width - 1) / 2, (height - 1) / 2", "width / 2, height / 2", TESTS),
    Mutant(TRANSLATION, "one, zero, -dx", "one, zero, dx", TESTS),
    Mutant(SHEAR, "one, sx, zero, sy", "one, sy, zero, sx", TESTS),
    Mutant(ZOOM, "zy = 1 + self", "zy = 1 - self", TESTS),
    Mutant(BRIGHTNESS, "* (high - low)", "* high", TESTS),
    Mutant(CONTRAST, "axis=(1, 2)", "axis=(1, 2, 3)", TESTS),
    Mutant(CONTRAST, "[0], (1 - lower, 1 + upper)", "[0], (1, 1 + upper)", TESTS),
]
