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


class Joined(SphinxTransform):
    """Joins the lines of a Chinese page's paragraphs, not those of its listings."""

    default_priority = 400

    def apply(self):
        if self.config.book_language != "zh":
            return
        for text in list(self.document.findall(nodes.Text)):
            if not isinstance(text.parent, (nodes.literal, nodes.literal_block, nodes.raw)) and "\n" in text:
                text.parent.replace(text, nodes.Text(joined(text)))
