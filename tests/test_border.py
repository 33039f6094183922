"""The border: what crosses it, what does not, and how it behaves while a kernel runs."""

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time

import numpy as np
import pytest

import mlmath_rs as ml
from mlmath_rs import _core
from mlmath_rs.threads import get_thread_limit, thread_limit

# A Ctrl-C is heard within this many seconds.
PATIENCE = 0.2


def interrupted(call, after=0.3):
    """Return how long `call` went on after a Ctrl-C that came `after` seconds into it."""
    sent = []

    def send():
        sent.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    timer = threading.Timer(after, send)
    timer.start()
    with pytest.raises(KeyboardInterrupt):
        call()
    timer.join()
    return time.perf_counter() - sent[0]


def test_ctrl_c_ends_a_long_call_at_once():
    assert interrupted(lambda: _core.wait(20.0)) < PATIENCE
    assert _core.wait(0.1)  # and the pool is there for the next


def test_ctrl_c_ends_a_large_product_at_once():
    a = np.ones((3000, 3000), np.float32)
    b = np.ones((3000, 60000), np.float32)
    assert interrupted(lambda: ml.matmul(a, b)) < PATIENCE


def test_a_deadline_is_kept_and_is_no_error():
    start = time.perf_counter()
    assert _core.wait(20.0, deadline=0.1) is False
    assert time.perf_counter() - start < 1.0


def test_a_negative_deadline_is_refused():
    with pytest.raises(ValueError, match="deadline: must be seconds >= 0, got -1"):
        _core.wait(0.1, deadline=-1.0)


def test_progress_is_told_as_growing_fractions():
    told = []
    _core.wait(0.4, progress=told.append)
    assert told
    assert told == sorted(told)
    assert 0 < told[0] < told[-1] <= 1


def test_an_exception_in_progress_ends_the_call_and_passes_through():
    def refuse(fraction):
        raise LookupError("enough")

    start = time.perf_counter()
    with pytest.raises(LookupError, match="enough"):
        _core.wait(20.0, progress=refuse)
    assert time.perf_counter() - start < 1.0


def test_other_python_threads_run_while_a_kernel_does():
    ticks = []
    thread = threading.Thread(target=lambda: [ticks.append(time.sleep(0.01)) for _ in range(10)])
    thread.start()
    _core.wait(0.5)
    assert len(ticks) == 10
    thread.join()


def test_calls_from_several_python_threads_do_not_disturb_each_other():
    a = np.random.default_rng(0).random((200, 200))
    expected = ml.matmul(a, a)
    wrong = []

    def work():
        for _ in range(30):
            if not np.array_equal(ml.matmul(a, a), expected):
                wrong.append(1)

    threads = [threading.Thread(target=work) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def child(queue):
    a = np.ones((400, 400))
    queue.put(float(ml.matmul(a, a, threads=2)[0, 0]))


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_a_forked_child_of_a_process_that_used_threads_computes():
    a = np.ones((400, 400))
    assert ml.matmul(a, a, threads=2)[0, 0] == 400
    _core.wait(0.1, threads=2)
    context = multiprocessing.get_context("fork")
    queue = context.Queue()
    process = context.Process(target=child, args=(queue,))
    process.start()
    try:
        assert queue.get(timeout=20) == 400.0
    finally:
        process.kill()


@pytest.mark.parametrize("method", ["spawn", "forkserver"])
def test_a_fresh_child_computes(method):
    code = (
        "import multiprocessing, test_border as t\n"
        "if __name__ == '__main__':\n"
        f"    context = multiprocessing.get_context({method!r}); q = context.Queue()\n"
        "    p = context.Process(target=t.child, args=(q,)); p.start()\n"
        "    print(q.get(timeout=50)); p.join()\n"
    )
    script = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=os.path.dirname(__file__),
    )
    assert script.stdout.strip() == "400.0", script.stderr


def environment_says(**variables):
    """Return the thread count that a fresh process with these environment variables finds."""
    names = ("MLMATH_NUM_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS")
    env = {key: value for key, value in os.environ.items() if key not in names} | variables
    code = "from mlmath_rs.threads import get_thread_limit; print(get_thread_limit())"
    return int(subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, check=True).stdout)


def test_the_environment_decides_in_its_order():
    assert environment_says(OMP_NUM_THREADS="5") == 5
    assert environment_says(OMP_NUM_THREADS="5", RAYON_NUM_THREADS="4") == 4
    assert environment_says(OMP_NUM_THREADS="5", RAYON_NUM_THREADS="4", MLMATH_NUM_THREADS="3") == 3
    assert environment_says(OMP_NUM_THREADS="all", MLMATH_NUM_THREADS="0") == len(os.sched_getaffinity(0))


def test_thread_limit_is_per_python_thread_and_nests():
    before = get_thread_limit()
    seen = []
    with thread_limit(3):
        with thread_limit(1):
            assert get_thread_limit() == 1
        assert get_thread_limit() == 3
        other = threading.Thread(target=lambda: seen.append(get_thread_limit()))
        other.start()
        other.join()
    assert seen == [before]
    assert get_thread_limit() == before


@pytest.mark.parametrize("count", [0, -2])
def test_fewer_than_one_thread_is_refused(count):
    with pytest.raises(ValueError, match="thread_limit: must be >= 1"):
        thread_limit(count)
    with pytest.raises((ValueError, OverflowError)):
        ml.matmul(np.eye(2), np.eye(2), threads=count)


@pytest.mark.parametrize("count", [1, 2, 8])
def test_the_same_bits_come_out_for_any_number_of_threads(count):
    rng = np.random.default_rng(1)
    a, x = rng.standard_normal((301, 257)), rng.standard_normal(1_000_003)
    for call in (
        lambda: ml.matmul(a, a.T),
        lambda: ml.std(x),
        lambda: ml.linalg.inv(rng_stack()),
        lambda: ml.histogram(x, 50)[0],
    ):
        with thread_limit(1):
            once = call()
        with thread_limit(count):
            assert call().tobytes() == once.tobytes()


def rng_stack():
    return np.random.default_rng(2).standard_normal((3000, 3, 3))


@pytest.mark.parametrize("level", _core.info()["simd_supported"])
def test_every_instruction_set_gives_the_answer(level):
    code = (
        "import numpy as np, mlmath_rs as ml\n"
        "from mlmath_rs import _core\n"
        "a = np.random.default_rng(0).random((70, 70)) + np.eye(70)\n"
        "assert np.allclose(ml.matmul(a, a), np.matmul(a, a), rtol=1e-13)\n"
        "assert np.allclose(ml.linalg.inv(a), np.linalg.inv(a), rtol=1e-9)\n"
        "assert np.isclose(ml.std(a), np.std(a), rtol=1e-13)\n"
        "print(_core.info()['simd'])\n"
    )
    env = os.environ | {"MLMATH_SIMD": level}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert run.stdout.strip() == level, run.stderr


def test_an_unknown_instruction_set_is_refused_by_name():
    run = subprocess.run(
        [sys.executable, "-c", "import mlmath_rs"],
        env=os.environ | {"MLMATH_SIMD": "sse9"},
        capture_output=True,
        text=True,
    )
    assert 'MLMATH_SIMD: expected one of ["baseline", "avx2", "avx512"], got "sse9"' in run.stderr


def test_importing_starts_no_thread():
    code = "import mlmath_rs, threading, os; print(len(os.listdir('/proc/self/task')))"
    env = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
    run = subprocess.run([sys.executable, "-c", code], env=env, capture_output=True, text=True)
    assert run.stdout.strip() == "1"
