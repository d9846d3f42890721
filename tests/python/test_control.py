"""Ctrl-C, other signals and the progress callback while the library works."""

import array
import os
import random
import signal
import threading
import time

import pytest

import patron
from patron import _rfm
from patron._inputs import create
from patron._lists import column_from_array
from patron._types import Column, Type, array_buffer

ROWS = 2_000_000


@pytest.fixture(scope="module")
def many():
    seeded = random.Random(7)
    customers = array.array("q", [seeded.getrandbits(40) % 200_000 for _ in range(ROWS)])
    amounts = array.array("d", [1.5]) * ROWS
    days = array.array("i", range(20_000, 21_000)) * (ROWS // 1_000)
    dates = Column("at", Type.DATE32, ROWS, array_buffer(days))
    columns = [column_from_array("id", customers), dates, column_from_array("paid", amounts)]
    return patron.Table._wrap(create(columns))


def score(orders, **options):
    return patron.rfm(orders, customer="id", time="at", amount="paid", table=None, **options)


def test_progress_goes_from_low_to_high_on_the_calling_thread(many):
    shares, threads = [], set()

    def note(share):
        shares.append(share)
        threads.add(threading.get_ident())

    score(many, progress=note, threads=2)
    assert shares and shares == sorted(shares)
    assert 0 <= shares[0] and shares[-1] <= 1
    assert threads == {threading.get_ident()}


def test_what_progress_raises_stops_the_call_and_comes_out(many):
    class Enough(Exception):
        pass

    calls = []

    def stop(share):
        calls.append(share)
        raise Enough(share)

    with pytest.raises(Enough):
        score(many, progress=stop)
    assert len(calls) == 1
    assert score(many)["orders"][0] > 0


def test_what_progress_returns_does_not_matter(many):
    assert len(score(many, progress=lambda share: True)) > 0


def test_ctrl_c_in_the_callback_stops_the_call(many):
    calls = []

    def interrupt(share):
        calls.append(share)
        if len(calls) == 1:
            os.kill(os.getpid(), signal.SIGINT)

    with pytest.raises(KeyboardInterrupt):
        score(many, progress=interrupt)
    assert calls[-1] < 1


def test_ctrl_c_from_outside_stops_a_call_without_a_callback(many, monkeypatch):
    """The signal comes while C code runs, so only the library's own callback can see it."""
    watchers = []

    class Recorded(_rfm.Watcher):
        def __init__(self, progress):
            super().__init__(progress)
            watchers.append(self)

    monkeypatch.setattr(_rfm, "Watcher", Recorded)
    start = time.monotonic()
    score(many, threads=1)
    whole = time.monotonic() - start
    for attempt in range(1, 21):
        timer = threading.Timer(whole * attempt / 21, os.kill, (os.getpid(), signal.SIGINT))
        with pytest.raises(KeyboardInterrupt):
            timer.start()
            score(many, threads=1)
            # It was over before the signal came, which then comes here.
            timer.join()
            time.sleep(10)
        timer.join()
        if isinstance(watchers[-1].exception, KeyboardInterrupt):
            return
    pytest.fail("no signal was seen while the library worked")


def test_what_any_signal_handler_raises_comes_out(many):
    class Alarm(Exception):
        pass

    def handler(number, frame):
        raise Alarm

    before = signal.signal(signal.SIGUSR1, handler)
    try:
        with pytest.raises(Alarm):
            score(many, progress=lambda share: os.kill(os.getpid(), signal.SIGUSR1))
    finally:
        signal.signal(signal.SIGUSR1, before)


def test_calls_of_other_threads_work_without_signals(many):
    results = []
    thread = threading.Thread(target=lambda: results.append(len(score(many))))
    thread.start()
    thread.join()
    assert results == [len(score(many))]
