"""The glossary: what the field's terms are called in English and in Chinese, and what they mean. No TensorFlow.

glossary.json holds them in the order in which one learns them; README, site and command line all read it.
"""

import functools
import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Term:
    """A term in both languages.

    Attributes:
        en: its English name.
        zh: its Chinese name, as China's textbooks have it.
        aliases_en: what else it is called in English.
        aliases_zh: what else it is called in Chinese, older names of ours among them.
        concept: the registry's name of what implements it, such as "dropout"; None if nothing does.
        definition_en: one sentence.
        definition_zh: one sentence.
    """

    en: str
    zh: str
    aliases_en: tuple[str, ...]
    aliases_zh: tuple[str, ...]
    concept: str | None
    definition_en: str
    definition_zh: str

    @property
    def spellings(self):
        """All its names, in both languages."""
        return (self.en, self.zh, *self.aliases_en, *self.aliases_zh)


@functools.cache
def terms():
    """All terms, in the order in which one learns them."""
    rows = json.loads(Path(__file__).with_name("glossary.json").read_text("utf-8"))
    return tuple(
        Term(**row | {"aliases_en": tuple(row["aliases_en"]), "aliases_zh": tuple(row["aliases_zh"])}) for row in rows
    )


def spellings(concept):
    """What else a concept of the registry is called, by its name there."""
    return tuple(name for term in terms() if term.concept == concept for name in term.spellings)
