"""In which language people are spoken to: English or Chinese. No TensorFlow.

What is written once, in English, where it belongs has its Chinese in chinese.json, by the English sentence: how a
concept differs from its twin, what a setting means and an experiment measures, a task's title.
"""

import functools
import json
import os
from dataclasses import dataclass
from pathlib import Path

LANGUAGES = ("en", "zh")
CHINESE = Path(__file__).with_name("chinese.json")

# In the order in which POSIX asks them, behind our own.
_VARIABLES = ("TFNOTES_LANG", "LC_ALL", "LC_MESSAGES", "LANG")


@dataclass(frozen=True)
class Words:
    """One text in both languages; `words[language]` is the text.

    Attributes:
        en: in English.
        zh: in Chinese.
    """

    en: str
    zh: str

    def __getitem__(self, language):
        return {"en": self.en, "zh": self.zh}[language]

    def format(self, **values):
        """The same with what stands in braces filled in; a value may itself be `Words`."""

        def filled(language):
            own = {name: v[language] if isinstance(v, Words) else v for name, v in values.items()}
            return self[language].format(**own)

        return Words(filled("en"), filled("zh"))


def words(english):
    """An English sentence with its Chinese, or without, where chinese.json lacks it, as it does another package's."""
    return Words(english, chinese().get(english, english))


@functools.cache
def chinese():
    """What chinese.json holds."""
    return json.loads(CHINESE.read_text("utf-8"))


def default():
    """The language that the environment asks for: of the variables that say something, the first decides."""
    said = next((value for name in _VARIABLES if (value := os.environ.get(name))), "")
    return "zh" if said.lower().startswith("zh") else "en"
