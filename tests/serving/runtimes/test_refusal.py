"""What runtimes say of inputs that they can't read is told from their other errors, and cut to its sentence."""

import pytest

from tfnotes.serving import runtimes


class InvalidArgument(Exception):
    """Called as ONNX Runtime's."""


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("Graph execution error:\n\nDetected at node words/GatherV2 defined at (most recent call last):\n"
            "<stack traces unavailable>\nindices[0,1] = 9 is not in [0, 9)\n\t [[{{node words/GatherV2}}]]"),
            "indices[0,1] = 9 is not in [0, 9)",
        ),
        (
            ("[ONNXRuntimeError] : 2 : INVALID_ARGUMENT : Non-zero status code returned while running Gather node. "
            "Name:'words/GatherV2' Status Message: indices element out of data bounds, idx=9"),
            "indices element out of data bounds, idx=9",
        ),
    ],
)
def test_a_runtimes_sentence_out_of_its_words(words, sentence):
    assert runtimes.refusal(InvalidArgument(words)) == sentence


def test_other_errors_are_no_refusals():
    assert runtimes.refusal(MemoryError("full")) is None
    assert runtimes.refusal(RuntimeError("broken")) is None
