"""What each server process loads: the application and, where the settings say so, a worker thread."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading

from django.urls import get_resolver

from convenor.wsgi import application

__all__ = ["application"]


def follow_parent() -> None:
    """Ends this process when the main process dies: an orphan would go on listening on its port."""
    parent = multiprocessing.parent_process()
    if parent is None:  # loaded by another server than ours
        return
    parent.join()
    os.kill(os.getpid(), signal.SIGTERM)


# Load every screen now, so that the server is ready when it says so.
get_resolver().url_patterns  # noqa: B018 - reading the property imports them
threading.Thread(target=follow_parent, name="follow-parent", daemon=True).start()
