"""Turns what went wrong into one sentence on standard error and an exit code; never a traceback."""

from __future__ import annotations

import os
import sys
import traceback

import click
from django.core.exceptions import ImproperlyConfigured, ValidationError
from django.core.management.base import CommandError
from django.db import DatabaseError

from convenor.environment import TRUE, BadSetting

FAILED = 1
BAD_INPUT = 2
INTERRUPTED = 130
BAD_INPUT_ERRORS = (BadSetting, ImproperlyConfigured, ValidationError, CommandError)


def wants_traceback() -> bool:
    return os.environ.get("CONVENOR_DEBUG", "").strip().lower() in TRUE


def sentence(error: BaseException) -> str:
    """What went wrong, on one line."""
    match error:
        case click.ClickException():
            said = error.format_message()
        case ValidationError():
            said = " ".join(error.messages)
        case DatabaseError():
            said = f"The database refused: {error}. Run `convenor doctor` to see what is wrong."
        case BadSetting() | ImproperlyConfigured() | CommandError():
            said = str(error)
        case OSError():
            said = f"{error.filename}: {error.strerror}." if error.filename else f"{error.strerror or error}."
        case _:
            said = (
                f"Something went wrong that Convenor did not foresee ({type(error).__name__}: {error}). "
                "Set CONVENOR_DEBUG=true and try again to see where."
            )
    return " ".join(said.split())


def explain(error: BaseException) -> int:
    """Says the sentence and gives the exit code that belongs to the error."""
    if isinstance(error, SystemExit):
        return error.code if isinstance(error.code, int) else FAILED
    if isinstance(error, (click.Abort, KeyboardInterrupt)):
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        # The reader has gone (`convenor … | head`): keep the interpreter from complaining about it again.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return FAILED
    if wants_traceback():
        traceback.print_exception(error)
    print(sentence(error), file=sys.stderr)  # noqa: T201 - the terminal is this package's output
    if isinstance(error, click.ClickException):
        return error.exit_code
    return BAD_INPUT if isinstance(error, BAD_INPUT_ERRORS) else FAILED
