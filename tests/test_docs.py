"""The pages of concepts, claims and papers are what the registry, the ledger and the results say today."""

import re
from pathlib import Path

from click.testing import CliRunner

from tfnotes.cli import main

PAGE = Path(__file__).resolve().parents[1] / "docs" / "concepts.md"


def test_page_of_concepts_is_fresh():
    printed = CliRunner().invoke(main, ["concepts", "--markdown"])
    assert printed.exit_code == 0
    assert PAGE.read_text("utf-8") == printed.output, "run `make docs`"


def test_page_of_claims_is_fresh():
    for name, language in (("claims.md", "en"), ("claims.zh.md", "zh")):
        printed = CliRunner().invoke(main, ["claims", "--markdown", "--lang", language])
        assert printed.exit_code == 0
        assert (PAGE.parent / name).read_text("utf-8") == printed.output, "run `make docs`"


def test_page_of_papers_is_fresh():
    for name, language in (("reproduce.md", "en"), ("reproduce.zh.md", "zh")):
        printed = CliRunner().invoke(main, ["reproduce", "--markdown", "--lang", language])
        assert printed.exit_code == 0
        assert (PAGE.parent / name).read_text("utf-8") == printed.output, "run `make docs`"


def test_pictures_of_claims_exist():
    text = (PAGE.parent / "claims.md").read_text("utf-8")
    pictures = re.findall(r'(?:src|srcset)="([^"]+)"', text)
    assert pictures
    assert all((PAGE.parent / name).exists() for name in pictures)


def test_page_of_formats_has_every_model():
    from tfnotes import task

    models = [f"{name}/{model}" for name in ("mnist", "imdb", "autoencode") for model in task.load(name).models]
    for name in ("formats.md", "formats.zh.md"):
        rows = re.findall(r"^\| (\w+/[\w-]+) +\|", (PAGE.parent / name).read_text("utf-8"), re.MULTILINE)
        assert rows == models, "run `python -m benchmarks.formats --markdown`"
