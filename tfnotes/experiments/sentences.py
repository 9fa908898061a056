"""What a verdict says in words, in English and Chinese: templates, filled with the figures that were measured.

`{name:spec}` in sentences.toml is a figure of the ledger's entry; `{a - b:spec}` and `{a / b:spec}` are taken seed by
seed. Besides Python's own, the specs are

    points          in percentage points, with the interval where there is one
    share0, share1  in percent with so many digits, with the interval
    interval.2f     as it is, with the interval
    times           of a logarithm to base 10: the factor itself
    tiny            one digit, and its power of ten where it is far from 1
    thousands       in thousands
"""

import functools
import math
import re
import string
import tomllib
from pathlib import Path

from tfnotes.language import LANGUAGES

# What is open where too few seeds were taken.
FEW = "everything, from so few seeds"

_KEYS = {"QUALIFIED": "qualified", "REFUTED": "refuted", "INCONCLUSIVE": "undecided"}
_POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def sentence(entry, language):
    """The condition of a ledger's entry in words; "" where there is none to give.

    Args:
        entry: with its verdict, figures, and what is `open`.
        language: "en" or "zh".
    """
    known = _templates()
    if entry["open"] == [FEW]:
        return known["*"]["few"][language].format(seeds=next(iter(entry["figures"].values())).get("n", 1))
    template = known.get(entry["id"], {}).get(_KEYS.get(entry["verdict"]))
    if template:
        filled = _Filled(entry["figures"], language).format(template[language])
        # Chinese sets no space behind its own signs, which a figure may end in.
        return _with_needed(re.sub("(?<=[）点]) ", "", filled) if language == "zh" else filled, entry, language)
    return known["*"]["open"][language].format(open="; ".join(entry["open"])) if entry["open"] else ""


def _with_needed(told, entry, language):
    """What was measured, and behind what isn't decided what would decide it: so many seeds, where a plan tells."""
    if entry["verdict"] != "INCONCLUSIVE":
        return told
    key, numbers = "more", {}
    if entry.get("needed"):
        key, numbers = "needed", {"seeds": entry["design"]["seeds"], "needed": max(entry["needed"].values())}
    stop = {"en": " ", "zh": ""}[language]
    return told + stop + _templates()["*"][key][language].format(**numbers)


def contrasts(claims):
    """The pairs of figures that sentences on these claims speak of, as `(text, a, sign, b)`."""
    found = {}
    for template in (t[lang] for claim in claims for t in _templates().get(claim, {}).values() for lang in LANGUAGES):
        for _, name, _, _ in string.Formatter().parse(template):
            parts = (name or "").split(" ")
            if len(parts) == 3:
                found[name] = (name, *parts)
    return list(found.values())


@functools.cache
def _templates():
    return tomllib.loads(Path(__file__).with_name("sentences.toml").read_text("utf-8"))


class _Filled(string.Formatter):
    """Fills a template with an entry's figures."""

    def __init__(self, figures, language):
        self.figures, self.language = figures, language

    def get_field(self, field_name, args, kwargs):
        if field_name in self.figures:
            return self.figures[field_name], field_name
        # Of paired seeds the mean difference is that of the means; the interval has to be recorded.
        a, _, b = field_name.partition(" - ")
        return {"value": float(self.figures[a]["value"]) - float(self.figures[b]["value"])}, field_name

    def format_field(self, value, format_spec):
        number = float(value["value"])
        if format_spec == "points":
            unit = {"en": " points", "zh": " 个百分点"}[self.language]
            return f"{100 * number:.1f}{unit}{self._bounds(value, '.1f', 100)}"
        if format_spec.startswith("share"):
            spec = f".{format_spec[-1]}f"
            return f"{100 * number:{spec}} %{self._bounds(value, spec, 100)}"
        if format_spec.startswith("interval"):
            spec = format_spec.removeprefix("interval")
            return f"{number:{spec}}{self._bounds(value, spec)}"
        if format_spec == "times":
            return _factor(number)
        if format_spec == "tiny":
            return _scientific(number, 0)
        if format_spec == "thousands":
            return f"{number / 1000:,.0f}"
        return format(number, format_spec).replace("%", " %")

    def _bounds(self, figure, spec, factor=1):
        if "low" not in figure:
            return ""
        low, high = (f"{factor * float(figure[end]):{spec}}" for end in ("low", "high"))
        return f" ({low} to {high})" if self.language == "en" else f"（{low} 至 {high}）"


def _factor(logarithm):
    # Beyond it a float has no power of ten.
    factor = 10.0**logarithm if logarithm < 300 else math.inf
    return f"{factor:.2f}" if 0.01 <= factor < 10 else _scientific(factor, 1)


def _scientific(number, digits):
    """Such as 6 × 10⁻¹⁶; a number that isn't too far from 1 as it is."""
    if number == 0 or not math.isfinite(number) or 1e-4 <= abs(number) < 1e6:
        short = float(f"{number:.{digits + 1}g}")
        return f"{short:,.0f}" if abs(short) >= 10**digits else f"{short:g}"
    mantissa, power = f"{number:.{digits}e}".split("e")
    if mantissa == "1":
        return f"10{str(int(power)).translate(_POWERS)}"
    return f"{mantissa} × 10{str(int(power)).translate(_POWERS)}"
