"""What runs beside the application in each server process: a worker thread, and a watch on the main process."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading

from django.conf import settings
from django.urls import get_resolver

from convenor.base import wake
from convenor.base.tasks.worker import Worker

log = logging.getLogger(__name__)
PAUSE_SECONDS = 5.0


def follow_parent() -> None:
    """Ends this process when the main process dies: an orphan would go on listening on its port."""
    parent = multiprocessing.parent_process()
    if parent is None:  # loaded by another server than ours
        return
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


def work(stop: threading.Event) -> None:
    """Does the background work until told to stop; a failure that the worker can't handle restarts it."""
    while not stop.is_set():
        try:
            Worker(stop).run()
        except Exception:
            log.exception("the worker thread failed; it begins again in %s s", PAUSE_SECONDS)
            stop.wait(PAUSE_SECONDS)


def stop_with_process(stop: threading.Event) -> None:
    """Once the main thread has ended, Python waits for the worker thread: tell it to finish."""
    threading.main_thread().join()
    stop.set()
    wake.arrived.set()


def begin() -> None:
    # Every screen is loaded now, so that the server is ready when it says so.
    assert get_resolver().url_patterns
    threading.Thread(target=follow_parent, name="follow-parent", daemon=True).start()
    if settings.WORKER_IN_SERVER:
        stop = threading.Event()
        threading.Thread(target=work, args=(stop,), name="worker").start()
        threading.Thread(target=stop_with_process, args=(stop,), name="stop-worker", daemon=True).start()
