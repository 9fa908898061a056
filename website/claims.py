"""The ledger's pages: a table of all claims to filter, and a page for each with all that decided it."""

import json
from html import escape

from tfnotes.language import words as words_of
from website import blocks, tables
from website.blocks import plain
from website.chapters import ROOT
from website.words import COLON, TOPICS, VERDICTS, say

PICTURES = ROOT / "docs" / "claims"


def pages(book, placed):
    """The ledger's pages.

    Args:
        book: what blocks draw on.
        placed: a dict from claim to the chapter that explains it.

    Returns:
        A dict from the page's file to its Markdown.
    """
    found = {f"claims/{name}.md": _page(book, entry, placed.get(name)) for name, entry in book.entries.items()}
    return found | {"claims/index.md": _table(book)}


def _table(book):
    language = book.language
    topics = {name: blocks.ledger.topic(name) for name in book.entries}
    rows = [_row(entry, topics[name], language) for name, entry in book.entries.items()]
    names = {topic: TOPICS[topic][language] for topic in dict.fromkeys(topics.values())}
    verdicts = {verdict: words[language] for verdict, words in VERDICTS.items()}
    head = [say(word, language) for word in ("topic", "claim", "verdict", "condition")]
    lists = (tables.choice(name, options, language) for name, options in (("topic", names), ("verdict", verdicts)))
    return "\n".join(
        [
            f"# {say('ledger', language)}",
            "",
            say("ledger about", language),
            "",
            *tables.filtered("ledger-table", head, rows, language, *lists),
        ]
    )


def _row(entry, topic, language):
    cells = (
        escape(TOPICS[topic][language]),
        f'<a href="{entry["id"]}.html">{escape(entry[f"statement_{language}"])}</a>',
        f'<span class="verdict {entry["verdict"].lower()}">{VERDICTS[entry["verdict"]][language]}</span>',
        escape(blocks.condition(entry, language)),
    )
    data = f'data-topic="{escape(topic)}" data-verdict="{entry["verdict"]}" data-words="{entry["id"]}"'
    return tables.row(cells, data)


def _page(book, entry, chapter):
    language, name = book.language, entry["id"]
    e, colon = book.library["experiments"][entry["experiment"]], COLON[language]
    words = blocks.condition(entry, language)
    versions = ", ".join(f"{package} {version}" for package, version in entry["versions"].items())
    lines = [
        "---",
        "orphan: true",
        "---",
        f"(claim-{name})=",
        f"# {entry[f'statement_{language}']}",
        "",
        f"- {say('claim id', language)}{colon}`{name}`, {say('lines', language)}{colon}{', '.join(entry['source'])}",
        f"- {say('verdict', language)}{colon}**{VERDICTS[entry['verdict']][language]}**",
        *([f"- {say('condition', language)}{colon}{plain(words)}"] if words else []),
        *([f"- {say('explained', language)}{colon}[{chapter[1]}](../{chapter[0]}.md)"] if chapter else []),
        f"- [{say('ledger', language)}](index.md)",
        "",
        *_picture(entry, language),
        f"## {say('numbers', language)}",
        "",
        *_figures(entry["figures"], language),
        "",
        f"## {say('by', language)}",
        "",
        say("by about", language),
        "",
        "```python",
        e["rules"][name].rstrip("\n"),
        "```",
        "",
        f"## {say('experiment', language)}",
        "",
        f"{plain(words_of(e['about'])[language])} (`{e['file']}`)",
        "",
        f"<details><summary>{say('code', language)}</summary>",
        "",
        "```python",
        e["measure"].rstrip("\n"),
        "```",
        "",
        "</details>",
        "",
        f"## {say('again', language)}",
        "",
        "```sh",
        f"tfnotes experiment run {name}",
        "```",
        "",
        f"{say('settings', language)}{colon}{_settings(e, language)}",
        "",
        f"{say('recorded', language)}{colon}{entry['date']}, {versions}",
        *_design(entry, language),
    ]
    return "\n".join(lines)


def _design(entry, language):
    """What the plan fixed, what effect would have been found, and what this entry has replaced; as a list."""
    design, colon = entry["design"], COLON[language]
    told = []
    if "looks" in design:
        looks = ", ".join(str(look) for look in design["looks"])
        told.append((say("looks", language), looks))
        told.append((say("least effect", language), f"{design['minimum']:.2g}"))
    told += [(say("found", language), f"{case} {_number(power)}") for case, power in entry.get("power", {}).items()]
    for old in entry.get("history", ()):
        seeds = f"{say('seeds', language)} {old['design']['seeds']}"
        told.append((say("before", language), f"{old['date']}, {VERDICTS[old['verdict']][language]}, {seeds}"))
    return ["", *(f"- {name}{colon}{words}" for name, words in told)] if told else []


def _picture(entry, language):
    if not (PICTURES / f"{entry['experiment']}-light.png").exists():
        return []
    return [blocks.drawn(f"../../claims/{entry['experiment']}", "png", entry[f"statement_{language}"]), ""]


def _figures(figures, language):
    spread = any("low" in figure for figure in figures.values())
    columns = ("figure", "value", "interval", "range", "seeds") if spread else ("figure", "value")
    yield f"| {' | '.join(say(column, language) for column in columns)} |"
    yield "|" + "---|" * len(columns)
    for name, figure in figures.items():
        cells = [f"`{name}`", _number(figure["value"])]
        if spread and "low" in figure:
            for a, b in (("low", "high"), ("p05", "p95")):
                cells.append(f"{_number(figure[a])} … {_number(figure[b])}" if a in figure else "")
            cells.append(str(figure.get("n", "")))
        elif spread:
            cells += ["", "", "1"]
        yield f"| {' | '.join(cells)} |"


def _number(value):
    return value if isinstance(value, str) else f"{value:,.6g}"


def _settings(e, language):
    parameters = ", ".join(f"`{name}={json.dumps(value)}`" for name, value in e["parameters"].items())
    return f"{parameters or say('none', language)}; {say('seeds', language)} {e['seeds']}"
