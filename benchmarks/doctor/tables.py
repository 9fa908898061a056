"""The tables of what the doctor found, in both languages."""

from rich.table import Table
from scipy.stats import binomtest

from tfnotes.doctor.findings import ILLNESSES
from tfnotes.language import Words

WHAT = Words("what", "统计什么")
ODD = Words("odd seeds: thresholds set", "奇数种子：定阈值")
EVEN = Words("even seeds: judged", "偶数种子：检验")
FOUND = Words("illnesses found", "找到的毛病")
BOTH = Words("both of two at once", "两种毛病都找到")
ALARMS = Words("healthy trainings with a finding", "健康却有发现的训练")
OTHERS = Words("sick ones with another finding, unexplained", "另有无关发现的患病训练")
HELPED = Words("advice that made the training better", "照办后训练变好的建议")
OF = Words("{k} of {n} ({low:.0%} to {high:.0%})", "{n} 中 {k}（{low:.0%} 到 {high:.0%}）")
HEADS = (
    Words("training", "训练"),
    Words("given", "弄的毛病"),
    Words("found", "找到"),
    Words("also found, unexplained", "另有发现"),
    Words("advice helped", "建议有效"),
)


def totals(found, patients, language):
    """How often the doctor was right, on either half of the seeds."""
    table = Table(*(head[language] for head in (WHAT, ODD, EVEN)))
    for what, hits in (
        (FOUND, _illnesses),
        (BOTH, lambda p, f, b: [set(p.illnesses) <= _named(f)] if len(p.illnesses) > 1 else []),
        (ALARMS, lambda p, f, b: [] if p.illnesses else [bool(f)]),
        (OTHERS, lambda p, f, b: [bool(_others(p, f))] if p.illnesses else []),
        (HELPED, lambda p, f, b: [] if b is None or not p.illnesses else [b]),
    ):
        halves = []
        for parity in (1, 0):
            said = [
                hit
                for name, by_seed in found.items()
                for seed, (findings, better) in by_seed.items()
                if seed % 2 == parity
                for hit in hits(patients[name], findings, better)
            ]
            halves.append(_of(sum(said), len(said), language))
        table.add_row(what[language], *halves)
    return table


def by_patient(found, patients, language):
    """The same by kind of training that was measured, of all seeds."""
    table = Table(*(head[language] for head in HEADS))
    for name, by_seed in ((name, by_seed) for name, by_seed in found.items() if by_seed):
        patient, judged = patients[name], list(by_seed.values())
        others = sorted({illness for findings, _ in judged for illness in _others(patient, findings)})
        advised = [better for _, better in judged if better is not None]
        right = sum(set(patient.illnesses) <= _named(findings) for findings, _ in judged)
        table.add_row(
            name,
            ", ".join(ILLNESSES[i][language] for i in patient.illnesses),
            f"{right}/{len(judged)}" if patient.illnesses else "",
            ", ".join(f"{ILLNESSES[i][language]} {sum(i in _others(patient, f) for f, _ in judged)}" for i in others),
            f"{sum(advised)}/{len(advised)}" if advised else "",
        )
    return table


def _illnesses(patient, findings, better):
    return [illness in _named(findings) for illness in patient.illnesses]


def _named(findings):
    return {finding.illness for finding in findings}


def _others(patient, findings):
    """What was found besides, and isn't said to follow from another finding."""
    return {f.illness for f in findings if f.cause is None} - set(patient.illnesses)


def _of(k, n, language):
    if not n:
        return ""
    low, high = binomtest(k, n).proportion_ci(0.95, "exact")
    return OF.format(k=k, n=n, low=low, high=high)[language]
