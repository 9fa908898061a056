"""What a run's events and figures say of its health."""

from dataclasses import asdict, dataclass

from tfnotes.doctor.findings import ILLNESSES, Finding
from tfnotes.doctor.history import read
from tfnotes.doctor.rules import RULES


@dataclass(frozen=True)
class Report:
    """How a run is.

    Attributes:
        path: of the run.
        level: how closely it was inspected: "off", "basic" or "full".
        epochs: how many it has finished.
        findings: what is wrong, a `Finding` each.
        unseen: the illnesses that its events are too few to show.
        unread: what couldn't be read of its events, a sentence each.
    """

    path: str
    level: str
    epochs: int
    findings: tuple[Finding, ...]
    unseen: tuple[str, ...]
    unread: tuple[str, ...] = ()

    @property
    def healthy(self):
        """Whether nothing is wrong, as far as could be seen; damaged events show nothing for sure."""
        return not self.findings and not self.unread

    def as_dict(self):
        """The same in JSON values: as in English, and each sentence in Chinese besides."""
        findings = [
            asdict(found)
            | {"measured": found.measured.en, "advice": found.advice.en}
            | {
                "sentence": found.sentence.en,
                "sentence_zh": found.sentence.zh,
                "illness_zh": ILLNESSES[found.illness].zh,
            }
            for found in self.findings
        ]
        return {**asdict(self), "findings": findings, "healthy": self.healthy}


def examine(path):
    """Puts every rule to a run.

    Args:
        path: the run's folder.

    Returns:
        A `Report`.

    Raises:
        InputError: it isn't a run folder, or the run has nothing to tell yet.
    """
    history = read(path)
    findings = diagnose(history)
    found = {finding.illness for finding in findings}
    unseen = [
        rule.illness
        for rule in RULES
        if rule.illness not in found and rule.needs and not any(tag.startswith(rule.needs) for tag in history.curves)
    ]
    level = history.config.get("inspect", "basic")
    return Report(str(path), level, history.epochs, tuple(findings), tuple(unseen), history.unread)


def diagnose(history):
    """All findings, causes first; what follows from another finding says so instead of what would cure it alone."""
    found = [(known, finding) for known in RULES for finding in known.find(history)]
    causes = {name: known.illness for known, _ in reversed(found) for name in known.explains}
    return [f.due_to(causes[f.illness]) if f.illness in causes else f for _, f in found]
