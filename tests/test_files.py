import errno
import os
import subprocess
import sys
import time

import pytest

from tfnotes import files


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_a_file_takes_its_place(tmp_path):
    path = tmp_path / "new" / "model.keras"
    with files.write_aside(path) as aside:
        assert (aside.parent, aside.suffix) == (path.parent, ".keras")
        aside.write_text("one")
        assert not path.exists()
    with files.write_aside(path) as aside:
        aside.write_text("two")
        assert path.read_text() == "one"
    assert path.read_text() == "two"
    assert names(path.parent) == ["model.keras"]


def test_a_folder_takes_its_place(tmp_path):
    with files.write_aside(tmp_path / "1") as aside:
        (aside / "variables").mkdir(parents=True)
        (aside / "variables" / "data").write_text("x")
        assert not (tmp_path / "1").exists()
    assert (tmp_path / "1" / "variables" / "data").read_text() == "x"
    assert names(tmp_path) == ["1"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, OSError])
@pytest.mark.parametrize("folder", [False, True])
def test_a_failure_leaves_what_was_there(tmp_path, error, folder):
    path = tmp_path / "data.json"
    path.write_text("before")

    def fail(aside):
        if folder:
            aside.mkdir()
            aside = aside / "inner"
        aside.write_text("half")
        raise error

    with pytest.raises(error), files.write_aside(path) as aside:
        fail(aside)
    assert path.read_text() == "before"
    assert names(tmp_path) == ["data.json"]


def test_a_folder_never_replaces_one_that_holds_something(tmp_path):
    (tmp_path / "1").mkdir()
    (tmp_path / "1" / "mine").write_text("mine")

    def write():
        with files.write_aside(tmp_path / "1") as aside:
            aside.mkdir()
            (aside / "theirs").write_text("theirs")

    with pytest.raises(OSError, match="not empty") as raised:
        write()
    assert raised.value.filename == str(tmp_path / "1")
    assert names(tmp_path) == ["1"]
    assert names(tmp_path / "1") == ["mine"]


def test_a_full_disk_is_said_of_the_path(tmp_path):
    def write():
        with files.write_aside(tmp_path / "x.png"):
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with pytest.raises(OSError, match="No space left") as raised:
        write()
    assert raised.value.filename == str(tmp_path / "x.png")


def test_everything_is_synced_before_the_rename_and_the_parent_after(tmp_path, monkeypatch):
    calls = []
    fsync, replace = os.fsync, os.replace
    monkeypatch.setattr(os, "fsync", lambda fd: (calls.append(os.fstat(fd).st_ino), fsync(fd)))
    monkeypatch.setattr(os, "replace", lambda a, b: (calls.append("rename"), replace(a, b)))
    with files.write_aside(tmp_path / "1") as aside:
        (aside / "variables").mkdir(parents=True)
        (aside / "variables" / "data").write_text("x")
        inside = {path.stat().st_ino for path in (aside, aside / "variables", aside / "variables" / "data")}
    renamed = calls.index("rename")
    assert set(calls[:renamed]) == inside
    assert calls[renamed + 1 :] == [tmp_path.stat().st_ino]


def test_a_killed_writer_leaves_the_old_file_and_a_leftover_that_sweep_removes(tmp_path):
    path = tmp_path / "model.keras"
    path.write_text("before")
    code = """
import os, signal, sys
from tfnotes import files
with files.write_aside(sys.argv[1]) as aside:
    aside.write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""
    assert subprocess.run([sys.executable, "-c", code, path]).returncode == -9
    assert path.read_text() == "before"
    assert len(names(tmp_path)) == 2
    (tmp_path / "other").mkdir()
    with files.write_aside(tmp_path / "other" / "model.keras") as aside:
        aside.write_text("elsewhere")
    assert len(names(tmp_path)) == 3
    files.sweep(tmp_path)
    assert names(tmp_path) == ["model.keras", "other"]


def test_the_next_writer_takes_away_what_a_killed_one_left(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    (tmp_path / f".run.partial-{dead.pid}").mkdir()
    for kept in (f".run-2.partial-{dead.pid}", f".run.partial-{os.getppid()}"):
        (tmp_path / kept).mkdir()
    with files.write_aside(tmp_path / "run") as aside:
        aside.mkdir()
    assert names(tmp_path) == sorted([f".run-2.partial-{dead.pid}", f".run.partial-{os.getppid()}", "run"])


@pytest.mark.parametrize("name", ["a" * 255, "字" * 85, "a." + "b" * 250, "a" * 249 + ".keras"])
def test_names_as_long_as_there_are(tmp_path, name):
    with files.write_aside(tmp_path / name) as aside:
        assert aside.name.endswith(".keras") == name.endswith(".keras")
        aside.write_text("whole")
    assert names(tmp_path) == [name]
    with files.write_aside(tmp_path / name) as aside:
        aside.write_text("again")
    assert (tmp_path / name).read_text() == "again"


def test_where_others_may_write_only_what_no_running_process_owns_is_swept(tmp_path):
    dead = subprocess.Popen([sys.executable, "-c", ""])
    dead.wait()
    kept = [f".1.partial-{os.getpid()}", ".1.partial-x", f".model.partial-{os.getppid()}.keras", ".profile"]
    swept = [f".2.partial-{dead.pid}", f".model.partial-{dead.pid}.keras", f".prepare.partial-{dead.pid}.ab"]
    for name in (*kept, *swept):
        (tmp_path / name).mkdir()
    files.sweep(tmp_path, locked=False)
    assert sorted(names(tmp_path)) == sorted(kept)
    with files.scratch(tmp_path, "prepare") as made:
        files.sweep(tmp_path, locked=False)
        assert made.is_dir()
        assert sorted(names(tmp_path)) == sorted([*kept, made.name])
    assert sorted(names(tmp_path)) == sorted(kept)


def test_a_folder_that_another_has_is_waited_for_and_not_longer_than_asked(tmp_path, monkeypatch):
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        if len(slept) == 3:
            held.__exit__(None, None, None)

    monkeypatch.setattr(time, "sleep", sleep)
    held = files.locked(tmp_path)
    assert held.__enter__() >= 0
    with pytest.raises(BlockingIOError), files.locked(tmp_path):
        pass
    files.until_free(tmp_path, 60)
    assert len(slept) == 3
    moments = iter([0.0, 1.0])
    monkeypatch.setattr(time, "monotonic", lambda: next(moments))
    # It looks once, and has it.
    files.until_free(tmp_path, 60)
    assert len(slept) == 3
    with files.locked(tmp_path):
        moments = iter([0.0, 1.0, 2.9, 3.0])
        files.until_free(tmp_path, 3)
    assert len(slept) == 5


def test_a_name_of_ones_own_for_what_is_half_written(tmp_path):
    with files.write_aside(tmp_path / "events.v2", "trimmed") as aside:
        assert aside.name == f".trimmed.partial-{os.getpid()}.v2"
        aside.write_text("x")
    assert names(tmp_path) == ["events.v2"]
    with files.scratch(tmp_path, "run") as made:
        assert made.parent == tmp_path
        assert made.name.startswith(f".run.partial-{os.getpid()}.")
    assert names(tmp_path) == ["events.v2"]


def test_a_scratch_folder_that_can_not_be_removed_is_left(tmp_path, monkeypatch):
    def refused(*given, **options):
        raise PermissionError(errno.EACCES, "Permission denied", "scratch")

    with files.scratch(tmp_path, "prepare") as made:
        (made / "inner").mkdir()
        # As where the folder has become read-only in the meantime.
        monkeypatch.setattr(os, "rmdir", refused)
    assert made.is_dir()
