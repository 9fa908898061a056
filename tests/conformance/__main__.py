"""Runs the tests that Keras's wheel ships on our classes, and holds what is lost to `lost.toml`.

    python -m tests.conformance [--match TEXT] [--jobs N]

It fails where a test is lost that the file doesn't list, and where a listed one holds.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from tests.conformance.swap import FOLDERS, SITE, twins

ROOT = Path(__file__).resolve().parents[2]
TESTS = SITE / "keras" / "src"
LOST = Path(__file__).with_name("lost.toml")


def files(match=""):
    """The wheel's test files that name something of ours."""
    names = {ours.__name__ for ours in twins().values()}
    pattern = re.compile(rf"\b({'|'.join(sorted(names))})\b")
    found = (path for folder in FOLDERS for path in sorted((TESTS / folder).rglob("*_test.py")))
    return [path for path in found if match in str(path.relative_to(TESTS)) and pattern.search(path.read_text())]


def outcomes(tests, *options):
    """What `plugin.py` writes of each test: its name, what of ours it mentions, how it ended and why."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "outcomes"
        command = [sys.executable, "-m", "pytest", "-q", "-c", os.devnull, f"--rootdir={TESTS}", "--tb=no"]
        command += ["-p", "tests.conformance.plugin", "-p", "no:cacheprovider", "--continue-on-collection-errors"]
        environment = os.environ | {"KERAS_BACKEND": "tensorflow", "TF_CPP_MIN_LOG_LEVEL": "3"}
        command += [f"--outcomes={path}", *options, *map(str, tests)]
        ended = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True)
        if not path.exists():
            raise click.ClickException(ended.stdout + ended.stderr)
        return [json.loads(line) for line in path.read_text().splitlines()]


def listed(path=LOST):
    """Reason by test, as the file states them."""
    groups = tomllib.loads(path.read_text("utf-8")).get("lost", [])
    return {test: group["reason"] for group in groups for test in group["tests"]}


def left_out(path=LOST):
    """What `-k` deselects: tests of what isn't there at all, as the file states."""
    return " or ".join(tomllib.loads(path.read_text("utf-8"))["left_out"]["names"])


def judge(ran, reasons, theirs):
    """What is wrong, in sentences: none if what is lost is what is listed.

    Args:
        ran: outcomes with ours.
        reasons: reason by test that may be lost.
        theirs: tests that fail with Keras's own classes here, which aren't held against ours.
    """
    ended = {one["test"]: one for one in ran}
    failed = {name for name, one in ended.items() if one["outcome"] == "failed"} - set(theirs)
    wrong = [f"{name} is lost: {ended[name]['why']}" for name in sorted(failed - set(reasons))]
    for name in sorted(set(reasons) - failed):
        held = "holds" if name in ended and ended[name]["outcome"] == "passed" else "isn't run"
        wrong.append(f"{name} {held}, and is listed as lost: {reasons[name]}")
    return wrong


@click.command()
@click.option("--match", default="", help="Only files whose path holds this text.")
@click.option("--jobs", default=2, show_default=True)
def main(match, jobs):
    ran = outcomes(files(match), f"--numprocesses={jobs}", "-k", f"not ({left_out()})")
    broken = [one["test"] for one in ran if one["outcome"] == "error"]
    ran = [one for one in ran if one["outcome"] in ("passed", "failed")]
    again = [TESTS / one["test"] for one in ran if one["outcome"] == "failed"]
    theirs = {one["test"] for one in outcomes(again, "--unswapped") if one["outcome"] != "passed"} if again else set()
    ran = [one for one in ran if one["test"] not in theirs]
    reasons = {test: reason for test, reason in listed().items() if match in test}
    console = Console()
    table = Table("tests of", "hold", "of", "lost")
    counts = Counter((_folder(one["test"]), one["outcome"]) for one in ran)
    for folder in sorted({folder for folder, _ in counts}):
        held, lost = counts[folder, "passed"], counts[folder, "failed"]
        table.add_row(folder, str(held), str(held + lost), str(lost))
    console.print(table)
    held = sum(one["outcome"] == "passed" for one in ran)
    console.print(f"{held} of {len(ran)} tests of Keras that use our classes hold.")
    for reason, number in Counter(reasons.values()).items():
        console.print(f"  {number} lost: {reason}", highlight=False)
    for name in broken:
        console.print(f"not run, as something that it imports isn't installed: {name}", highlight=False)
    for name in sorted(theirs):
        console.print(f"not counted, as it fails with Keras's own classes: {name}", highlight=False)
    wrong = judge(ran, reasons, theirs)
    for sentence in wrong:
        console.print(sentence, style="red", highlight=False, markup=False)
    sys.exit(bool(wrong))


def _folder(test):
    parts = test.split("/")
    return "/".join(parts[:2]) if parts[0] == "layers" and len(parts) > 2 else parts[0]


if __name__ == "__main__":
    main()
