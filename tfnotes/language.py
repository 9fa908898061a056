"""In which language people are spoken to: English or Chinese. No TensorFlow."""

import os
from dataclasses import dataclass

LANGUAGES = ("en", "zh")

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


def default():
    """The language that the environment asks for: of the variables that say something, the first decides."""
    said = next((value for name in _VARIABLES if (value := os.environ.get(name))), "")
    return "zh" if said.lower().startswith("zh") else "en"
