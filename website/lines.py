"""Line ends of Chinese paragraphs: the language has no spaces between words, so a line's end is none either."""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

CHINESE = r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’…—]"
# Punctuation of full width brings its own space, whatever stands on the other side.
WIDE = r"[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…—]"
END = re.compile(rf"(?<={CHINESE})\n(?={CHINESE})|(?<={WIDE})\n|\n(?={WIDE})")


def joined(text, before="", after=""):
    """The text without the line ends that would show as spaces between what stands before it and after it."""
    whole = END.sub("", before[-1:] + text + after[:1])
    return whole[len(before[-1:]) : len(whole) - len(after[:1])]


class Joined(SphinxTransform):
    """Joins the lines of a Chinese page's paragraphs, not those of its listings."""

    default_priority = 400

    def apply(self):
        if self.config.book_language != "zh":
            return
        for text in list(self.document.findall(nodes.Text)):
            parent = text.parent
            if "\n" in text and not isinstance(parent, (nodes.literal, nodes.literal_block, nodes.raw)):
                # MyST makes a node of each line's end.
                place = parent.index(text)
                sides = [parent[i].astext() if 0 <= i < len(parent) else "" for i in (place - 1, place + 1)]
                parent.replace(text, nodes.Text(joined(text.astext(), *sides)))
