"""The README's commands and code run, in their order, in an empty folder; both languages show the same."""

import json
import os
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


# Each step in a process of its own, which finds TensorFlow imported already: that takes seconds.
STEPS = """
import json, os, sys
import tensorflow
for code, arguments in json.load(open("steps.json")):
    print(code, *arguments, flush=True)
    child = os.fork()
    if not child:
        sys.argv = ["-c", *arguments]
        exec(code, {"__name__": "__main__"})
        sys.exit()
    if os.waitpid(child, 0)[1]:
        sys.exit("failed")
"""


@pytest.mark.skipif("TFNOTES_ALL_BLOCKS" not in os.environ, reason="five minutes: make test-readme")
def test_every_other_block_runs(tmp_path):
    packages, steps = tmp_path / "packages", []
    for kind, code in blocks("README.md"):
        if kind == "toml":
            install(tmp_path, packages, code)
        elif kind == "python":
            steps.append((code, []))
        else:
            for line in code.splitlines():
                if not line.startswith("make "):
                    program, *arguments = shlex.split(line)
                    assert program == "tfnotes"
                    steps.append(("from tfnotes.cli import main; main()", arguments))
    (tmp_path / "steps.json").write_text(json.dumps(steps))
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(packages), os.environ.get("PYTHONPATH", "")])}
    command = [sys.executable, "-c", STEPS]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.fail(f"{done.stdout[-1500:]}\n{done.stderr[-1500:]}")
    assert (tmp_path / "saved_models" / "mnist" / "1" / "saved_model.pb").exists()
    figures = json.loads((tmp_path / "runs" / "stripes" / "test.json").read_text())
    assert figures["accuracy"] > 0.95


def test_a_task_takes_no_more_lines_than_is_said():
    lines = [line for line in own_task().splitlines() if line.strip()]
    assert len(lines) <= 15
    assert "Your own task in 15 lines" in (ROOT / "README.md").read_text("utf-8")


def own_task():
    (code,) = (code for kind, code in blocks("README.md") if kind == "python" and "TASK = Task(" in code)
    return code


def install(folder, packages, pyproject):
    """What `pip install` does with the task of one's own, offline."""
    source = folder / "stripes"
    source.mkdir()
    (source / "stripes.py").write_text(own_task())
    (source / "pyproject.toml").write_text(pyproject)
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--no-build-isolation"]
    subprocess.run([*pip, "--target", str(packages), str(source)], cwd=folder, check=True, capture_output=True)


def test_links_and_pictures_exist():
    for name in ("README.md", "README.zh.md"):
        prose = BLOCK.sub("", (ROOT / name).read_text("utf-8"))
        for target in re.findall(r"\]\(([^)#]+)\)", prose):
            assert target.startswith("http") or (ROOT / target).exists(), f"{name}: {target}"
