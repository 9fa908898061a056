"""What a training's history says of its health."""

from dataclasses import asdict, dataclass

from tfnotes.doctor.findings import ILLNESSES, Finding
from tfnotes.doctor.rules import RULES
from tfnotes.language import Words

_HEALTHY = Words(
    "{path} is healthy: nothing is wrong after {epochs}.", "{path} 是健康的：{epochs}之后没有发现毛病。"
)
_AS_SEEN = Words(
    "{path} is healthy: nothing is wrong as far as can be seen after {epochs}.",
    "{path} 是健康的：{epochs}之后，在看得到的范围内没有发现毛病。",
)
_READABLE = Words(
    "{path}: nothing is wrong in what can be read of {epochs}.",
    "{path}：在 {epochs}中读得出来的部分没有发现毛病。",
)
_ONE, _EPOCHS = Words("1 epoch", "1 轮"), Words("{count} epochs", "{count} 轮")
_UNSEEN = Words(
    "Not looked at: {what}; the run was trained with --inspect {level}. To see them, train with --inspect full.",
    "没有检查：{what}；这次训练用的是 --inspect {level}。要看到它们，请用 --inspect full 训练。",
)
_UNSEEN_AT_ALL = Words(
    "Not looked at: {what}; the inputs and the rule of this model show nothing of them.",
    "没有检查：{what}；这个模型的输入和学习规则看不出这些。",
)
_NOT_WRITTEN = Words(
    "Not looked at: {what}; the training wrote nothing of them. tfnotes.callbacks.Doctor(x, y) does.",
    "没有检查：{what}；这次训练没有写下这些。tfnotes.callbacks.Doctor(x, y) 会写。",
)


@dataclass(frozen=True)
class Report:
    """How a training is.

    Attributes:
        path: of the run, or of the folder with event files.
        level: how closely a run was inspected: "off", "basic" or "full"; None of a training that is no run.
        epochs: how many it has finished.
        findings: what is wrong, a `Finding` each.
        unseen: the illnesses that its events are too few to show.
        unread: what couldn't be read of its events, a sentence each.
    """

    path: str
    level: str | None
    epochs: int
    findings: tuple[Finding, ...]
    unseen: tuple[str, ...]
    unread: tuple[str, ...] = ()

    @property
    def healthy(self):
        """Whether nothing is wrong, as far as could be seen; damaged events show nothing for sure."""
        return not self.findings and not self.unread

    def sentences(self, lang):
        """The findings, or that there are none; what can't be read; and what wasn't looked at."""
        found = [finding.said[lang] for finding in self.findings]
        if not found:
            said = _READABLE if self.unread else _AS_SEEN if self.unseen else _HEALTHY
            epochs = _ONE if self.epochs == 1 else _EPOCHS.format(count=self.epochs)
            found = [said.format(path=self.path, epochs=epochs)[lang]]
        found += self.unread
        if self.unseen:
            what = (", " if lang == "en" else "、").join(ILLNESSES[illness][lang] for illness in self.unseen)
            said = {None: _NOT_WRITTEN, "full": _UNSEEN_AT_ALL}.get(self.level, _UNSEEN)
            found.append(said.format(what=what, level=self.level)[lang])
        return found

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


def report(history, path, level=None):
    """The `Report` of a `History`: every rule is put to it."""
    findings = diagnose(history)
    found = {finding.illness for finding in findings}
    unseen = [
        rule.illness
        for rule in RULES
        if rule.illness not in found and rule.needs and not any(tag.startswith(rule.needs) for tag in history.curves)
    ]
    return Report(str(path), level, history.epochs, tuple(findings), tuple(unseen), history.unread)


def diagnose(history):
    """All findings, causes first; what follows from another finding says so instead of what would cure it alone."""
    found = [(known, finding) for known in RULES for finding in known.find(history)]
    causes = {name: known.illness for known, _ in reversed(found) for name in known.explains}
    return [f.due_to(causes[f.illness]) if f.illness in causes else f for _, f in found]
