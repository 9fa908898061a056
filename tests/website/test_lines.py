"""Where a line of a Chinese paragraph ends, the page shows no space."""

from types import SimpleNamespace

import pytest

from website.lines import joined, joined_markdown


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("方差\n减半", "方差减半"),
        ("方差减半，\n所以", "方差减半，所以"),
        ("用 ReLU\n时", "用 ReLU\n时"),
        ("如图，\nReLU 之后", "如图，ReLU 之后"),
        ("叫做\n“卷积”", "叫做“卷积”"),
        ("two\nwords", "two\nwords"),
    ],
)
def test_only_line_ends_between_chinese_go(source, shown):
    assert joined(source) == shown
    before, after = source.split("\n")
    assert before + joined("\n", before, after) + after == shown


def test_in_markdown_only_paragraphs_are_joined():
    page = "# 方差\n减半，\n所以\n\n- 丢失\n  的用\n- 丢\n\n```\n方\n差\n```\n\n| 方 |\n|---|\n| 差 |\n| 异 |\n"
    shown = "# 方差\n减半，所以\n\n- 丢失的用\n- 丢\n\n```\n方\n差\n```\n\n| 方 |\n|---|\n| 差 |\n| 异 |\n"
    assert joined_markdown(page) == shown


@pytest.mark.parametrize(
    ("language", "shown"),
    [("zh", "方差减半，所以丢失的用 ReLU\n时"), ("en", "方差\n减半，\n所以\n丢失\n的用 ReLU\n时")],
)
def test_a_pages_paragraphs_are_joined_and_its_listings_not(language, shown):
    pytest.importorskip("sphinx", reason="the extra `site` isn't installed")
    from docutils import nodes
    from docutils.core import publish_doctree
    from myst_parser.docutils_ import Parser

    from website.extension import Joined

    page = "方差\n减半，\n所以\n*丢失*\n的用 ReLU\n时\n\n```\n方\n差\n```\n"
    tree = publish_doctree(page, parser=Parser())
    tree.settings.env = SimpleNamespace(config=SimpleNamespace(book_language=language))
    Joined(tree).apply()
    assert next(tree.findall(nodes.paragraph)).astext() == shown
    assert next(tree.findall(nodes.literal_block)).astext() == "方\n差\n"
