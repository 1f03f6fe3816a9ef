"""The mailbox that answers come into, looked through by IMAP (RFC 9051) with the standard library.

A mail is marked as seen once it is on record, and not before: whatever happens in between, it comes again, and the same mail twice is
one row. Sizes are asked for before anything is fetched.
"""

from __future__ import annotations

import imaplib
import logging
import re
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from convenor.base.received import Received
from convenor.base.transactions import Busy
from convenor.interop.imip.arrival import MOST_BYTES
from convenor.interop.imip.receiving import HEAD_BYTES, receive, refuse_large

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 20  # for each step of the conversation
MOST_AT_ONCE = 100
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
PORTS = {"imaps": 993, "imap": 143}
SIZE = re.compile(rb"RFC822\.SIZE (\d{1,12})")
TROUBLES = (
    imaplib.IMAP4.error,
    OSError,
    ValueError,
)  # ValueError: what imaplib makes of answers that are none


class InboxTrouble(Exception):
    """The mailbox can't be looked into; the text says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """CONVENOR_INBOX_URL in parts."""

    is_encrypted: bool
    host: str
    port: int
    user: str
    password: str
    folder: str

    @classmethod
    def of(cls, url: str) -> Address:
        """Raises InboxTrouble for one that would send the password in the clear."""
        parts = urlsplit(url)
        host, encrypted = parts.hostname or "", parts.scheme == "imaps"
        if not encrypted and host not in LOOPBACK:
            raise InboxTrouble(_("imap:// is for this computer alone; use imaps://, which is encrypted."))
        return cls(
            is_encrypted=encrypted,
            host=host,
            port=parts.port or PORTS[parts.scheme],
            user=unquote(parts.username or ""),
            password=unquote(parts.password or ""),
            folder=unquote(parts.path.strip("/")) or "INBOX",
        )


def is_configured() -> bool:
    return bool(settings.INBOX_URL)


def look(now: Callable[[], datetime]) -> int:
    """Take in what nobody has seen yet; how many mails. Raises InboxTrouble.

    It ends, for this time, at the first mail that the database has no time for.
    """
    taken = 0
    with opened(settings.INBOX_URL) as mailbox:
        for number in _unseen(mailbox)[:MOST_AT_ONCE]:
            try:
                _take(mailbox, number, now())
            except (Busy, DatabaseError) as error:
                log.warning("the mailbox is read on later: %s", error)
                break
            taken += 1
    return taken


@contextmanager
def opened(url: str) -> Iterator[imaplib.IMAP4]:
    """Connected and signed in, the folder selected. Whatever goes wrong in there becomes an InboxTrouble."""
    address = Address.of(url)
    mailbox: imaplib.IMAP4 | None = None
    try:
        mailbox = _connected(address)
        mailbox.login(address.user, address.password)
        _expect(mailbox.select(_quoted(address.folder)))
        yield mailbox
    except TROUBLES as error:
        raise InboxTrouble(_plain(error)) from error
    finally:
        if mailbox is not None:
            with suppress(*TROUBLES):
                mailbox.logout()


def _connected(address: Address) -> imaplib.IMAP4:
    if not address.is_encrypted:
        return imaplib.IMAP4(address.host, address.port, timeout=PATIENCE_SECONDS)
    context = ssl.create_default_context()
    return imaplib.IMAP4_SSL(address.host, address.port, ssl_context=context, timeout=PATIENCE_SECONDS)


def _unseen(mailbox: imaplib.IMAP4) -> list[str]:
    """By UID, which stays the same while others delete mails."""
    found = _expect(mailbox.uid("SEARCH", "UNSEEN"))
    return [number.decode("ascii") for line in found if line for number in line.split() if number.isdigit()]


def _take(mailbox: imaplib.IMAP4, number: str, now: datetime) -> Received | None:
    size = _size_of(mailbox, number)
    if size is None:  # deleted meanwhile
        return None
    if size > MOST_BYTES:
        row = refuse_large(_content(mailbox, number, HEAD_BYTES), size, now=now)
    else:
        row = receive(_content(mailbox, number, MOST_BYTES), now=now)
    _expect(mailbox.uid("STORE", number, "+FLAGS.SILENT", r"(\Seen)"))
    return row


def _size_of(mailbox: imaplib.IMAP4, number: str) -> int | None:
    for part in _expect(mailbox.uid("FETCH", number, "(RFC822.SIZE)")):
        line = part[0] if isinstance(part, tuple) else part
        if line and (match := SIZE.search(line)):
            return int(match[1])
    return None


def _content(mailbox: imaplib.IMAP4, number: str, most: int) -> bytes:
    """The mail, without marking it as seen; never more than `most` bytes, whatever its size was said to be."""
    for part in _expect(mailbox.uid("FETCH", number, f"(BODY.PEEK[]<0.{most}>)")):
        if isinstance(part, tuple):
            return bytes(part[1])
    raise ValueError("the mail server gave no content")


def _expect(answer: tuple[str, Sequence[Any]]) -> Sequence[Any]:
    """The server's lines: bytes, pairs of bytes with a literal, or None."""
    status, data = answer
    if status != "OK":
        raise imaplib.IMAP4.error(str(data[0] if data else status))
    return data


def _quoted(folder: str) -> str:
    """RFC 9051 §4.3. Raises ValueError for what no quoted string may hold."""
    if not folder.isascii() or not folder.isprintable():
        raise ValueError("the folder's name can't be written; use an ASCII name")
    escaped = folder.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _plain(error: BaseException) -> str:
    """What the server said, on one line."""
    text = str(error) or type(error).__name__
    said = text[2:-1] if text.startswith("b'") else text
    return " ".join(said.split())[:300]
