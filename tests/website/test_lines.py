"""Where a line of a Chinese paragraph ends, the page shows no space."""

import pytest

pytest.importorskip("sphinx", reason="the extra `site` isn't installed")


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
    from website.lines import joined

    assert joined(source) == shown


def test_a_parsed_page_keeps_only_line_ends_that_are_spaces():
    from docutils.core import publish_doctree
    from myst_parser.docutils_ import Parser

    from website.lines import join

    page = "方差\n减半，\n**所以**\nReLU\n时\n\n```\n一\n二\n```\n"
    document = publish_doctree(page, parser=Parser())
    join(document)
    assert [child.astext() for child in document.children] == ["方差减半，所以\nReLU\n时", "一\n二\n"]
