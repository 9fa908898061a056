"""The ledger: what the notes claim, and the verdict that was measured on each claim. No TensorFlow.

claims.json lists the claims, in the order of the notes' topics, measured or not; ledger.json what
`tfnotes experiment run --record` has written about those that were measured. The words of a verdict are made of its
figures, in English and in Chinese.
"""

import json
from pathlib import Path

from tfnotes import documents
from tfnotes.errors import InputError
from tfnotes.experiments import sentences
from tfnotes.files import write_aside
from tfnotes.language import LANGUAGES, Words

FOLDER = Path(__file__).parent
_LIMIT = 2**24  # bytes of a ledger

VERDICTS = {
    "CONFIRMED": Words("CONFIRMED", "成立"),
    "QUALIFIED": Words("QUALIFIED", "有条件成立"),
    "REFUTED": Words("REFUTED", "不成立"),
    "INCONCLUSIVE": Words("INCONCLUSIVE", "尚无定论"),
}


def claims():
    """All claims: dicts of id, topic, source, statement_zh, statement_en."""
    return json.loads((FOLDER / "claims.json").read_text("utf-8"))


def statement(claim):
    """A claim's id, source and words."""
    return {key: value for key, value in _claim(claim).items() if key != "topic"}


def topic(claim):
    """The topic that a claim belongs to."""
    return _claim(claim)["topic"]


def _claim(claim):
    for row in claims():
        if row["id"] == claim:
            return row
    raise ValueError(f"ledger: `claim` must stand in claims.json. Received: {claim!r}.")


def condition(entry, language):
    """When a claim holds, what is right instead, or what would decide it, in "en" or "zh"; "" if it just holds."""
    return sentences.sentence(entry, language)


def _told(entry):
    """An entry with its `condition_en` and `condition_zh` behind the verdict."""
    words = {f"condition_{language}": condition(entry, language) for language in LANGUAGES}
    keys = list(entry)
    place = keys.index("verdict") + 1
    return {k: entry[k] for k in keys[:place]} | words | {k: entry[k] for k in keys[place:]}


def recorded():
    """The entries of the ledger that tfnotes brings along, by claim, each with its condition in both languages."""
    return {claim: _told(entry) for claim, entry in read(FOLDER / "ledger.json").items()}


def read(path):
    """The entries by claim, as a file holds them: figures and verdicts without words.

    Raises:
        InputError: `path` isn't a ledger.
    """
    path = Path(path)
    try:
        found = {entry["id"]: entry for entry in documents.parsed(documents.content(path, _LIMIT), path.name)}
        if not all(isinstance(entry.get("verdict"), str) for entry in found.values()):
            raise ValueError("an entry without a verdict")
        return found
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise InputError(f"ledger: `path` must be a ledger's JSON file. Received: {str(path)!r}.") from error


def record(entries, path):
    """Puts entries in the place of those on the same claims in the file `path`, which is made if missing.

    What they replace is kept in their `history`, from the oldest on, if it is of another design or verdict.
    """
    path = Path(path)
    found = read(path) if path.exists() else {}
    found |= {entry["id"]: entry | _history(found.get(entry["id"]), entry) for entry in entries}
    order = [row["id"] for row in claims()]
    with write_aside(path) as aside:
        text = json.dumps([found[claim] for claim in order if claim in found], indent=1, ensure_ascii=False)
        aside.write_text(text + "\n", "utf-8")


def _history(before, entry):
    """The `history` of an entry, as a dict that is empty where there is none."""
    told = list(before.get("history", ())) if before else []
    if before and any(before.get(key) != entry.get(key) for key in ("design", "verdict")):
        told.append({key: before[key] for key in ("date", "design", "verdict") if key in before})
    return {"history": told} if told else {}


def changed(entry):
    """The recorded verdict if it is another than this entry's, else None."""
    before = recorded().get(entry["id"])
    return before["verdict"] if before and before["verdict"] != entry["verdict"] else None


def select(topic=None, verdict=None, words=()):
    """`(measured, missing)`: entries of the ledger and claims without one, of a topic, with a verdict, with words.

    Raises:
        InputError: there is no such topic or verdict, or the words stand nowhere together.
    """
    rows, found = claims(), recorded()
    topics = list(dict.fromkeys(row["topic"] for row in rows))
    if topic is not None and topic not in topics:
        raise InputError(f"claims: `topic` must be one of {', '.join(topics)}. Received: {topic!r}.")
    wanted = {spelling: name for name, words in VERDICTS.items() for spelling in (words.en, words.zh)}
    if verdict is not None and verdict.upper() not in wanted:
        raise InputError(f"claims: `verdict` must be one of {', '.join(VERDICTS)}. Received: {verdict!r}.")
    rows = [row for row in rows if topic in (None, row["topic"])]
    if words:
        texts = {row["id"]: json.dumps([row, found.get(row["id"])], ensure_ascii=False).lower() for row in rows}
        rows = [row for row in rows if all(word.lower() in texts[row["id"]] for word in words)]
        if not rows:
            raise InputError(f"claims: `words` must stand in a claim, all of them. Received: {' '.join(words)!r}.")
    measured = [found[row["id"]] for row in rows if row["id"] in found]
    if verdict is not None:
        return [entry for entry in measured if entry["verdict"] == wanted[verdict.upper()]], []
    return measured, [row for row in rows if row["id"] not in found]
