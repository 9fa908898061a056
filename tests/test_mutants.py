"""The mutants' list stays in step with the code: each replaces text that stands in its file exactly once."""

from pathlib import Path

import pytest

from tests.mutants.__main__ import ROOT, mutants


@pytest.mark.parametrize("mutant", mutants(), ids=lambda m: f"{Path(m.file).stem}: {m.after}")
def test_mutant_applies(mutant):
    text = (ROOT / mutant.file).read_text()
    assert mutant.apply(text) != text
