"""Signals: raised where a command can clear up, and kept while two steps belong together."""

import signal
import threading

import pytest

from opinionpanel.interruptions import Interrupted, held, raised


@pytest.fixture(autouse=True)
def _none_ignored():
    """A shell starts what runs in the background with some signals ignored."""
    usual = {
        signal.SIGINT: signal.default_int_handler,
        signal.SIGTERM: signal.SIG_DFL,
        signal.SIGHUP: signal.SIG_DFL,
    }
    before = {number: signal.signal(number, handler) for number, handler in usual.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize(("name", "status"), [("SIGINT", 130), ("SIGTERM", 143), ("SIGHUP", 129)])
def test_a_signal_is_raised_with_the_status_that_tells_it(name, status):
    before = signal.getsignal(getattr(signal, name))
    with pytest.raises(Interrupted) as caught, raised():
        signal.raise_signal(getattr(signal, name))
    assert caught.value.status == status
    assert signal.getsignal(getattr(signal, name)) is before


def test_a_signal_waits_until_the_steps_are_done():
    steps = []

    def work():
        with held():
            signal.raise_signal(signal.SIGTERM)
            steps.append("both")
        steps.append("never")

    with pytest.raises(Interrupted), raised():
        work()
    assert steps == ["both"]


def test_a_second_signal_does_not_stop_the_clearing():
    steps = []

    def work():
        try:
            signal.raise_signal(signal.SIGINT)
        finally:
            signal.raise_signal(signal.SIGINT)
            steps.append("cleared")

    with pytest.raises(Interrupted), raised():
        work()
    assert steps == ["cleared"]


def test_what_is_ignored_stays_ignored():
    """As under nohup."""
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with raised():
            signal.raise_signal(signal.SIGHUP)
    finally:
        signal.signal(signal.SIGHUP, before)


def test_other_threads_than_the_first_hear_no_signals():
    done = []

    def work():
        with raised(), held():
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]
