"""The README's commands and code run, in their order, in an empty folder; both languages show the same."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(name):
    """`(language, code)` of each fenced block, without what it prints."""
    return [(kind, code) for kind, code in BLOCK.findall((ROOT / name).read_text("utf-8")) if kind != "text"]


def uncommented(code):
    return re.sub(r"  # .*", "", code)


def test_both_languages_show_the_same_code():
    english, chinese = ([(kind, uncommented(code)) for kind, code in blocks(n)] for n in ("README.md", "README.zh.md"))
    assert english == chinese
    assert len(english) >= 6


def test_make_commands_are_targets():
    commands = [line for kind, code in blocks("README.md") if kind == "sh" for line in code.splitlines()]
    targets = [line.split()[1] for line in commands if line.startswith("make ")]
    assert {"demo", "demo-imdb", "test"} <= set(targets)
    for target in targets:
        subprocess.run(["make", "-n", target], cwd=ROOT, check=True, capture_output=True)


def test_every_other_block_runs(tmp_path):
    for kind, code in blocks("README.md"):
        if kind == "python":
            run([sys.executable, "-c", code], tmp_path)
            continue
        for line in code.splitlines():
            if not line.startswith("make "):
                program, *arguments = shlex.split(line)
                assert program == "tfnotes"
                run([sys.executable, "-c", "from tfnotes.cli import main; main()", *arguments], tmp_path)
    assert (tmp_path / "saved_models" / "mnist" / "1" / "saved_model.pb").exists()


def run(command, folder):
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{command[-1]}\n{done.stdout[-1500:]}\n{done.stderr[-1500:]}")


def test_links_and_pictures_exist():
    for name in ("README.md", "README.zh.md"):
        prose = BLOCK.sub("", (ROOT / name).read_text("utf-8"))
        for target in re.findall(r"\]\(([^)#]+)\)", prose):
            assert target.startswith("http") or (ROOT / target).exists(), f"{name}: {target}"
