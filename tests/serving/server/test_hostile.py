"""What no client should send is answered in a sentence, and the next one as ever: see hostile.py."""

import subprocess
import sys

import pytest

from tests.serving.server import hostile


@pytest.fixture(scope="module")
def address(portable, tmp_path_factory):
    """A server in a process of its own; with ONNX Runtime it starts in a moment."""
    tokens = tmp_path_factory.mktemp("tokens") / "tokens"
    tokens.write_text(hostile.TOKEN)
    command = [sys.executable, "-m", "tfnotes", "serve", str(portable), "--port", "0", "--tokens", str(tokens)]
    with subprocess.Popen([*command, *hostile.OPTIONS], stdout=subprocess.PIPE, text=True) as child:
        try:
            said = next(line for line in child.stdout if "Listening at" in line)
            yield said.split()[-1].removeprefix("http://")
        finally:
            child.terminate()


@pytest.mark.parametrize("case", hostile.CASES, ids=lambda case: case.name.replace("/", "|"))
def test_hostility(address, case):
    status, sentence = hostile.answer(address, case, "drawn")
    assert status in case.statuses, sentence
    if status is not None:
        assert sentence.endswith((".", ")"))
        assert "\n" not in sentence
    assert hostile.good(address, "drawn")[0] == 200
