"""The page of concepts is what the registry says today."""

from pathlib import Path

from click.testing import CliRunner

from tfnotes.cli import main

PAGE = Path(__file__).resolve().parents[1] / "docs" / "concepts.md"


def test_page_of_concepts_is_fresh():
    printed = CliRunner().invoke(main, ["concepts", "--markdown"])
    assert printed.exit_code == 0
    assert PAGE.read_text("utf-8") == printed.output, "run `make docs`"
