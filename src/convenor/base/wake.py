"""Lets the worker thread of this process begin at once with what this process has just committed.

A worker in another process finds it at its next look, a second later at most.
"""

import threading

from django.db import transaction

arrived = threading.Event()


def when_committed() -> None:
    """Wake this process's worker once the present transaction is committed."""
    transaction.on_commit(arrived.set)
