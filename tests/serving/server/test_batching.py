"""Requests that run together: everyone gets the own rows, and only the one to blame fails."""

import asyncio
import threading

import numpy as np
import pytest

from tfnotes.errors import InputError
from tfnotes.serving.server.batching import Batcher
from tfnotes.serving.server.settings import Settings
from tfnotes.serving.server.signature import Signature, Spec

ROWS = Signature("rows", {"x": Spec("int32", (None, None))}, {"y": Spec("int32", (None, None))})
ALONE = Signature("alone", {"x": Spec("int32", ())}, {"y": Spec("int32", (None,))})


def asked(signature, requests, ask, **limits):
    """What each request got, all sent at once, and the sizes of the batches."""
    sizes = []

    async def all_of_them():
        batcher = Batcher(ask, signature, Settings(**limits), sizes.append)
        answers = await asyncio.gather(*(batcher.submit({"x": x}) for x in requests), return_exceptions=True)
        batcher.close()
        return answers

    return asyncio.run(all_of_them()), sizes


def double(inputs):
    return {"y": 2 * inputs["x"]}


def test_nobody_gets_anothers_rows():
    rng = np.random.default_rng(0)
    requests = [rng.integers(0, 10**6, (rng.integers(1, 5), 3)) for _ in range(200)]
    answers, sizes = asked(ROWS, requests, double, max_batch=16)
    for x, answer in zip(requests, answers, strict=True):
        np.testing.assert_array_equal(answer["y"], 2 * x)
    assert sum(sizes) == sum(map(len, requests))
    assert max(sizes) <= 16
    assert len(sizes) < 100


def test_other_shapes_stand_in_other_batches():
    requests = [np.full((1, 2 + k % 3), k) for k in range(60)]
    answers, sizes = asked(ROWS, requests, double, max_batch=128)
    for x, answer in zip(requests, answers, strict=True):
        np.testing.assert_array_equal(answer["y"], 2 * x)
    assert len(sizes) <= 4


def test_what_has_no_rows_runs_alone():
    answers, sizes = asked(ALONE, [np.array(k) for k in range(1, 9)], lambda i: {"y": np.arange(i["x"])})
    assert [len(answer["y"]) for answer in answers] == list(range(1, 9))
    assert sizes == [1] * 8


def test_a_bad_request_fails_alone():
    def ask(inputs):
        if (inputs["x"] == 13).any():
            raise InputError("no luck")
        return double(inputs)

    answers, _ = asked(ROWS, [np.full((1, 1), k) for k in range(20)], ask)
    assert (type(answers[13]), str(answers[13])) == (InputError, "no luck")
    assert [int(a["y"][0, 0]) for k, a in enumerate(answers) if k != 13] == [2 * k for k in range(20) if k != 13]


def test_a_fault_of_the_server_is_no_refusal():
    def ask(inputs):
        raise MemoryError("full")

    (answer,), _ = asked(ROWS, [np.ones((1, 1))], ask)
    assert isinstance(answer, MemoryError)


def test_a_model_that_loses_rows_answers_nobody():
    answers, _ = asked(ROWS, [np.full((2, 1), k) for k in range(3)], lambda inputs: {"y": inputs["x"][:1]})
    assert all(isinstance(answer, RuntimeError) for answer in answers)


def test_a_batch_waits_for_others_no_longer_than_it_was_told():
    async def two():
        sizes = []
        batcher = Batcher(double, ROWS, Settings(max_wait_ms=10_000, max_batch=2), sizes.append)
        first = asyncio.create_task(batcher.submit({"x": np.ones((1, 1))}))
        await asyncio.sleep(0.05)
        assert not first.done()
        # The batch is full: both run now.
        await asyncio.wait_for(asyncio.gather(first, batcher.submit({"x": np.ones((1, 1))})), 5)
        patient = Batcher(double, ROWS, Settings(max_wait_ms=20), sizes.append)
        await asyncio.wait_for(patient.submit({"x": np.ones((1, 1))}), 5)
        return sizes

    assert asyncio.run(two()) == [2, 1]


def test_who_has_gone_is_left_out():
    go = threading.Event()

    def ask(inputs):
        go.wait(10)
        return double(inputs)

    async def some_leave():
        sizes = []
        batcher = Batcher(ask, ROWS, Settings(), sizes.append)
        tasks = [asyncio.create_task(batcher.submit({"x": np.full((1, 1), k)})) for k in range(5)]
        await asyncio.sleep(0.05)
        late = [asyncio.create_task(batcher.submit({"x": np.full((1, 1), k)})) for k in range(5)]
        await asyncio.sleep(0.05)
        for task in (tasks[1], late[0], late[3]):
            task.cancel()
        go.set()
        answers = await asyncio.gather(*tasks, *late, return_exceptions=True)
        return sizes, [a if isinstance(a, BaseException) else int(a["y"][0, 0]) for a in answers]

    sizes, answers = asyncio.run(some_leave())
    assert sizes == [5, 3]
    assert [a for a in answers if not isinstance(a, asyncio.CancelledError)] == [0, 4, 6, 8, 2, 4, 8]


@pytest.mark.parametrize("name", ["max_batch", "max_queue", "versions"])
@pytest.mark.parametrize("value", [0, -1, 1.5, True])
def test_settings_are_checked(name, value):
    with pytest.raises(ValueError, match=f"serve: `{name}` must be a positive integer"):
        Settings(**{name: value})


def test_of_several_inputs_each_must_fit_and_each_is_joined():
    two = {name: Spec("int32", (None, None)) for name in "xz"}
    both, groups = Signature("both", two, {"y": Spec("int32", (None,))}), []

    def ask(inputs):
        groups.append({name: array.shape for name, array in inputs.items()})
        return {"y": inputs["x"].sum(1) - inputs["z"].sum(1)}

    async def three():
        batcher = Batcher(ask, both, Settings(max_batch=4))
        requests = [(np.full((2, 1), 9), np.full((2, k), k)) for k in (1, 2, 1)]
        answers = await asyncio.gather(*(batcher.submit({"x": x, "z": z}) for x, z in requests))
        batcher.close()
        return [answer["y"].tolist() for answer in answers]

    assert asyncio.run(three()) == [[8, 8], [5, 5], [8, 8]]
    assert groups == [{"x": (4, 1), "z": (4, 1)}, {"x": (2, 1), "z": (2, 2)}]


def test_batches_are_full_and_in_the_order_in_which_requests_came():
    requests = [np.full((rows, 1), k) for k, rows in enumerate((3, 2, 1, 4, 5, 1))]
    groups = []

    def ask(inputs):
        groups.append(inputs["x"][:, 0].tolist())
        return double(inputs)

    answers, sizes = asked(ROWS, requests, ask, max_batch=4)
    assert groups == [[0, 0, 0, 2], [1, 1, 5], [3] * 4, [4] * 5]
    assert sizes == [4, 3, 4, 5]
    assert [answer["y"].tolist() for answer in answers] == [(2 * x).tolist() for x in requests]


def test_a_model_that_loses_rows_is_told_by_name():
    (answer,), _ = asked(ROWS, [np.full((2, 1), 1)], lambda inputs: {"y": inputs["x"][:1]})
    assert str(answer) == "rows: not as many rows came out as went in."


def test_a_batch_waits_so_many_milliseconds_from_when_its_first_request_came(monkeypatch):
    async def one():
        loop, waits, real = asyncio.get_running_loop(), [], asyncio.timeout_at

        def noted(until):
            waits.append(until - start)
            return real(0)

        monkeypatch.setattr(asyncio, "timeout_at", noted)
        batcher, start = Batcher(double, ROWS, Settings(max_wait_ms=60_000)), loop.time()
        await batcher.submit({"x": np.ones((1, 1))})
        batcher.close()
        return waits

    (seconds,) = asyncio.run(one())
    assert 60 <= seconds < 90
