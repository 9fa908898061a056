"""What no client should send is answered in a sentence, and the next one as ever: see hostile.py."""

import pytest

from tests.serving.server import hostile


@pytest.fixture(scope="module")
def address(live, tmp_path_factory):
    tokens = tmp_path_factory.mktemp("tokens") / "tokens"
    tokens.write_text(hostile.TOKEN)
    with live("--tokens", tokens, *hostile.OPTIONS) as address:
        yield address


@pytest.mark.parametrize("case", hostile.CASES, ids=lambda case: case.name.replace("/", "|"))
def test_hostility(address, case):
    status, sentence = hostile.answer(address, case, "drawn")
    assert status in case.statuses, sentence
    if status is not None:
        assert sentence.endswith((".", ")"))
        assert "\n" not in sentence
    assert hostile.good(address, "drawn")[0] == 200
