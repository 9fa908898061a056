"""The page docs/claims.md, made from the ledger."""

from collections import Counter

from tfnotes.experiments import ledger

HEAD = """# The notes' claims, measured (笔记所说, 实测如何)

Made by `make docs` from the ledger, which `make claims` measures anew. CONFIRMED: so it is. QUALIFIED: so it is under
a condition, and not otherwise; both sides were measured. REFUTED: what is right instead was measured as well.
INCONCLUSIVE: the numbers don't tell. `tfnotes experiment run CLAIM` measures a claim again, here and now."""


def page(measured, missing):
    """The page as text.

    Args:
        measured: entries of the ledger.
        missing: claims that have no entry.
    """
    counts = Counter(entry["verdict"] for entry in measured)
    lines = [HEAD, "", ", ".join(f"{name} {count}" for name, count in counts.most_common()) + "."]
    for topic in dict.fromkeys(ledger.topic(entry["id"]) for entry in measured):
        lines += ["", f"## {topic.capitalize()}", ""]
        lines += ["| claim | what the notes say | verdict | when, or what instead |", "|---|---|---|---|"]
        of_topic = [entry for entry in measured if ledger.topic(entry["id"]) == topic]
        lines += [_row(entry) for entry in of_topic]
        for experiment in dict.fromkeys(entry["experiment"] for entry in of_topic):
            if (ledger.FOLDER.parents[1] / "docs" / "claims" / f"{experiment}-light.png").exists():
                lines += ["", _picture(experiment)]
    if missing:
        lines += ["", f"Not yet measured: {', '.join(row['id'] for row in missing)}."]
    return "\n".join(lines)


def _row(entry):
    name = f"`{entry['id']}` ({', '.join(entry['source'])})"
    words = f"{entry['statement_en']} {entry['statement_zh']}"
    cells = (name, words, entry["verdict"], entry["condition"])
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _picture(experiment):
    return (
        f'<picture><source media="(prefers-color-scheme: dark)" srcset="claims/{experiment}-dark.png">'
        f'<img src="claims/{experiment}-light.png" alt="{experiment}"></picture>'
    )
