"""Line ends of Chinese paragraphs: the language has no spaces between words, so a line's end is none either."""

import re

from website import chapters

CHINESE = r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’…—]"
# Punctuation of full width brings its own space, whatever stands on the other side.
WIDE = r"[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…—]"
# The lines of a list's entry are indented.
END = re.compile(rf"(?<={CHINESE})\n *(?={CHINESE})|(?<={WIDE})\n *|\n *(?={WIDE})")


def joined(text, before="", after=""):
    """The text without the line ends that would show as spaces between what stands before it and after it."""
    whole = END.sub("", before[-1:] + text + after[:1])
    return whole[len(before[-1:]) : len(whole) - len(after[:1])]


def joined_markdown(text):
    """Markdown with each paragraph's lines joined; listings stay."""
    lines = text.split("\n")
    for begin, end in reversed(chapters.paragraphs(text)):
        lines[begin:end] = [joined("\n".join(lines[begin:end]))]
    return "\n".join(lines)
