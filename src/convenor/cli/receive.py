"""`convenor receive`: takes one mail from standard input, for a mail server's pipe."""

from __future__ import annotations

import os
import sys
from typing import BinaryIO

import click
from django.db import DatabaseError, OperationalError

from convenor.base import clock
from convenor.base.transactions import Busy
from convenor.cli.failures import sentence
from convenor.interop.imip.arrival import MOST_BYTES
from convenor.interop.imip.receiving import HEAD_BYTES, receive, refuse_large

CHUNK = 65_536
# sysexits.h, as mail servers read exit codes
EX_NOINPUT, EX_TEMPFAIL = 66, 75


@click.command("receive")
def command() -> None:
    """Takes one mail from standard input, for a mail server's pipe.

    It does what the mail answers: a meeting, a seat, a proposal, a bounce. Ends with 0 once the mail is on record,
    whatever became of it (Settings, “Mail in”), so that the mail server never writes to anybody about it; with 75 when
    the database has no time, so that the mail server tries again; with 66 when there was nothing to read.
    """
    sys.exit(taken(sys.stdin.buffer))


def taken(stream: BinaryIO) -> int:
    """The exit code for one mail."""
    data, size = _read(stream)
    if not size:
        click.echo("There was no mail on standard input.", err=True)
        return EX_NOINPUT
    try:
        if size > MOST_BYTES:
            refuse_large(data[:HEAD_BYTES], size, now=clock.now())
        else:
            receive(data, now=clock.now())
    except (Busy, OperationalError, DatabaseError) as error:
        click.echo(sentence(error), err=True)
        return EX_TEMPFAIL
    return os.EX_OK


def _read(stream: BinaryIO) -> tuple[bytes, int]:
    """The mail, or of one that is too large its beginning; and its size. What is beyond the limit is read away, so that no mail
    server's pipe breaks, and never kept.
    """
    data = stream.read(MOST_BYTES + 1)
    size = len(data)
    if size <= MOST_BYTES:
        return data, size
    head = data[:HEAD_BYTES]
    del data
    while chunk := stream.read(CHUNK):
        size += len(chunk)
    return head, size
