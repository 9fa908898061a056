"""Two builds in one checkout."""

import threading

from website import build


def test_a_second_build_waits_for_the_first(monkeypatch, tmp_path):
    monkeypatch.setattr(build, "WORK", tmp_path / "work")
    waits, told, order = threading.Event(), [], []

    def second():
        with build._alone(lambda sentence: (told.append(sentence), waits.set())):
            order.append("second")

    with build._alone(told.append):
        other = threading.Thread(target=second)
        other.start()
        assert waits.wait(30)
        other.join(0.2)
        assert other.is_alive()
        order.append("first")
    other.join(30)
    assert order == ["first", "second"]
    assert told == ["Another build is at work here; this one waits for its end."]
