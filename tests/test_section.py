"""Sections of a page that commands make: each in the place of the one before, the rest untouched."""

from tests import section


def test_a_section_takes_the_place_of_the_one_before(tmp_path, monkeypatch):
    monkeypatch.setattr(section, "DOCS", tmp_path)
    page = tmp_path / "page.md"
    page.write_text("# Page\n\nBefore.\n", "utf-8")
    section.put("page.md", "one", ["## One", "1"])
    section.put("page.md", "two", ["## Two", *section.table(("a", "b"), [("x", 1234), ("y", 5)])])
    section.put("page.md", "one", ["## One", "again"])
    assert page.read_text("utf-8") == (
        "# Page\n\nBefore.\n\n<!-- one -->\n## One\nagain\n<!-- /one -->\n\n"
        "<!-- two -->\n## Two\n| a | b |\n|---|---:|\n| x | 1,234 |\n| y | 5 |\n<!-- /two -->\n"
    )
