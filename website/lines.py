"""Line ends of Chinese paragraphs: the language has no spaces between words, so a line's end is none either."""

import re

from docutils import nodes
from sphinx.transforms import SphinxTransform

CHINESE = r"[\u3400-\u9fff\u3000-\u303f\uff00-\uffef“”‘’…—]"
# Punctuation of full width brings its own space, whatever stands on the other side.
WIDE = r"[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65“”‘’…—]"
END = re.compile(rf"(?<={CHINESE})\n(?={CHINESE})|(?<={WIDE})\n|\n(?={WIDE})")


def joined(text):
    """The text without the line ends that would show as spaces."""
    return END.sub("", text)


def join(document):
    """Joins a document's lines in place, not those of its listings. MyST makes a node of its own of a line's end."""
    for parent in {text.parent for text in document.findall(nodes.Text) if text == "\n"}:
        for k in range(len(parent) - 2, 0, -1):
            before, end, after = parent[k - 1 : k + 2]
            around = before.astext()[-1:] + "\n" + after.astext()[:1]
            if isinstance(end, nodes.Text) and end == "\n" and joined(around) != around:
                del parent[k]


class Joined(SphinxTransform):
    """Joins the lines of a Chinese page's paragraphs."""

    default_priority = 400

    def apply(self):
        if self.config.book_language == "zh":
            join(self.document)
