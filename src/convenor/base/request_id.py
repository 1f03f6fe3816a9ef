"""One name for everything that one request or job does: in answers, log lines and the audit log."""

from __future__ import annotations

import logging
import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

FORM = re.compile(r"[A-Za-z0-9._-]{1,64}\Z")

_current: ContextVar[str] = ContextVar("request_id", default="")


def current() -> str:
    """The request's or the job's name; empty outside both."""
    return _current.get()


def accepted(offered: str | None) -> str:
    """What a proxy or client called the request if that is harmless in a log line, else a new name."""
    return offered if offered and FORM.match(offered) else uuid.uuid4().hex


@contextmanager
def named(name: str) -> Iterator[None]:
    token = _current.set(name)
    try:
        yield
    finally:
        _current.reset(token)


class RequestIdFilter(logging.Filter):
    """Gives every log record a `request_id` ("-" outside requests), for the settings' line format."""

    def filter(self, record: logging.LogRecord) -> bool:
        record.request_id = current() or "-"
        return True
