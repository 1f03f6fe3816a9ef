"""A mail that came in, taken apart (RFC 5322, RFC 2045): who wrote it, and every calendar in it. Never raises, whatever the bytes.

The standard library's older policy is used on purpose: it keeps header lines as they are, where the newer one parses each by a grammar
that takes quadratic time, or fails, on hostile ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime

MOST_BYTES = 10_000_000
MOST_PARTS = 2_000
MOST_BOUNDARIES = 20_000  # lines that begin as a boundary does: beyond them, taking the mail apart costs more than it is worth
LONGEST_CALENDAR = 1_000_000
MOST_CALENDARS = 10
LONGEST_TEXT = 200_000
LONGEST_HEADER = 2_000
CALENDAR_TYPES = frozenset(
    {"text/calendar", "application/ics", "text/x-vcalendar", "application/calendar+ics"}
)
TNEF_TYPES = frozenset({"application/ms-tnef", "application/vnd.ms-tnef"})
# Charsets of text. Python knows others that no mail uses, of which some take quadratic time.
CHARSET = re.compile(
    r"utf-?(8|16|16le|16be|32)|us-ascii|ascii|iso-?8859-\d{1,2}|latin-?\d|windows-?\d{3,4}|cp\d{3,4}|koi8-[rut]"
    r"|gb2312|gbk|gb18030|big5|euc-(jp|kr)|shift_?jis|iso-2022-(jp|kr)|macintosh|mac-(roman|centeuropean)|tis-620"
)
NO_TEXT = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]")


class Unreadable(Exception):
    """The mail can't be taken apart; the text is a reason's code."""


@dataclass(frozen=True, slots=True)
class CalendarPart:
    """A calendar in UTF-8 as far as its charset is known, with the METHOD of the MIME type (RFC 6047 §2.4)."""

    data: bytes
    method: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """`senders` are the addresses of From, in lower case; `failed_recipients` are X-Failed-Recipients; `reports` are the
    blocks of a delivery report (RFC 3464 §2), each as its fields by name in lower case.
    """

    message_id: str = ""
    sender: str = ""
    senders: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    is_automatic: bool = False
    is_from_a_server: bool = False
    fails_authentication: bool = False
    calendars: tuple[CalendarPart, ...] = ()
    large_calendars: int = 0
    has_tnef: bool = False
    is_report: bool = False
    reports: tuple[dict[str, str], ...] = ()
    failed_recipients: tuple[str, ...] = ()
    text: str = ""


def read_arrival(data: bytes) -> Arrival:
    """Raises Unreadable, and nothing else."""
    if data.count(b"\n--") > MOST_BOUNDARIES:
        raise Unreadable("too_many_parts")
    try:
        message = message_from_bytes(data)
        return _arrival(message, list(_parts(message)))
    except RecursionError as error:  # the standard library goes into parts of parts by calling itself
        raise Unreadable("too_deep") from error


def read_head(data: bytes) -> Arrival:
    """The header of a mail too large to be read; raises Unreadable."""
    head = re.split(rb"\r?\n\r?\n", data, maxsplit=1)[0]
    return _arrival(message_from_bytes(head + b"\r\n\r\n"), [])


def _parts(message: Message) -> Iterator[Message]:
    """Every part, first to last; what is inside an attached mail is somebody else's word and left alone. Raises Unreadable."""
    waiting, seen = [message], 0
    while waiting:
        part = waiting.pop()
        seen += 1
        if seen > MOST_PARTS:
            raise Unreadable("too_many_parts")
        yield part
        inside = part.get_payload()
        if isinstance(inside, list) and part.get_content_maintype() == "multipart":
            waiting.extend(each for each in reversed(inside) if isinstance(each, Message))


def _arrival(message: Message, parts: Sequence[Message]) -> Arrival:
    found = [each for part in parts if _is_calendar(part) and (each := _calendar(part)) is not None]
    senders = _addresses(message, "From")
    return Arrival(
        message_id=_header(message, "Message-ID")[:300],
        sender=(senders[0] if senders else "")[:320],
        senders=senders,
        subject=_header(message, "Subject")[:300],
        date=_date(message),
        is_automatic=_is_automatic(message),
        is_from_a_server=_is_from_a_server(message, senders),
        fails_authentication=_fails_authentication(message),
        calendars=tuple(each for each in found if len(each.data) <= LONGEST_CALENDAR)[:MOST_CALENDARS],
        large_calendars=sum(len(each.data) > LONGEST_CALENDAR for each in found),
        has_tnef=any(_is_tnef(part) for part in parts),
        is_report=message.get_content_type() == "multipart/report",
        reports=tuple(block for part in parts for block in _report(part))[:MOST_PARTS],
        failed_recipients=_addresses(message, "X-Failed-Recipients"),
        text=_text(parts),
    )


def _is_calendar(part: Message) -> bool:
    return part.get_content_type() in CALENDAR_TYPES or _file_name(part).endswith((".ics", ".ical", ".ifb"))


def _is_tnef(part: Message) -> bool:
    return part.get_content_type() in TNEF_TYPES or _file_name(part) == "winmail.dat"


def _file_name(part: Message) -> str:
    try:
        return (part.get_filename() or "").strip().lower()
    except (
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
    ):  # a name in a charset or a form that nobody knows
        return ""


def _calendar(part: Message) -> CalendarPart | None:
    octets = _octets(part)
    return (
        CalendarPart(_utf8(octets, _param(part, "charset")), _param(part, "method").upper())
        if octets
        else None
    )


def _octets(part: Message) -> bytes:
    """The content without base64 or quoted-printable, as much of it as can be read."""
    try:
        octets = part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AssertionError):
        return b""
    return octets if isinstance(octets, bytes) else b""


def _param(part: Message, name: str) -> str:
    """A parameter of the content type, as RFC 2231 or plainly; "" where there is none."""
    try:
        value = part.get_param(name)
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    if isinstance(value, tuple):
        value = value[2]
    return value.strip().strip("\"'")[:80] if isinstance(value, str) else ""


def _utf8(octets: bytes, charset: str) -> bytes:
    """In UTF-8 where the charset is known; else as it came, for the calendar's own reader to guess."""
    name = charset.lower()
    if name in {"", "utf-8", "utf8", "us-ascii", "ascii"} or not CHARSET.fullmatch(name):
        return octets
    try:
        return octets.decode(name, "replace").encode("utf-8", "replace")
    except (LookupError, UnicodeError):
        return octets


def _header(message: Message, name: str) -> str:
    """The header in plain text on one line, "" where there is none."""
    raw = message.get(name)
    text = str(raw)[:LONGEST_HEADER] if raw is not None else ""
    with suppress(HeaderParseError, ValueError, LookupError):
        text = "".join(_decoded(piece, charset) for piece, charset in decode_header(text))
    return " ".join(NO_TEXT.sub("", text).split())


def _decoded(piece: str | bytes, charset: str | None) -> str:
    if isinstance(piece, str):
        return piece
    known = charset is not None and CHARSET.fullmatch(charset.lower())
    try:
        return piece.decode(charset if known and charset else "utf-8", "replace")
    except LookupError:
        return piece.decode("utf-8", "replace")


def _addresses(message: Message, name: str) -> tuple[str, ...]:
    """The addresses of a header, each once, in lower case. The raw line counts: an encoded word is no address (RFC 2047 §5)."""
    raw = [str(value)[:LONGEST_HEADER] for value in message.get_all(name, [])[:5]]
    try:
        found = [address.strip().lower() for _name, address in getaddresses(raw)]
    except (ValueError, IndexError, TypeError):
        return ()
    clean = (NO_TEXT.sub("", address) for address in found)
    return tuple(dict.fromkeys(address for address in clean if "@" in address and len(address) <= 320))


def _date(message: Message) -> datetime | None:
    try:
        moment = parsedate_to_datetime(str(message.get("Date", ""))[:100])
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _is_automatic(message: Message) -> bool:
    """Whether a machine wrote it, or a list passed it on (RFC 3834 §2, RFC 2919, and what Exchange and others have instead)."""
    said = str(message.get("Auto-Submitted", "")).strip().lower()
    precedence = str(message.get("Precedence", "")).strip().lower()
    return (
        (bool(said) and not said.startswith("no"))
        or precedence in {"bulk", "junk", "list", "auto_reply"}
        or any(
            name in message
            for name in ("List-Id", "X-Auto-Response-Suppress", "X-Autoreply", "X-Autorespond")
        )
    )


def _is_from_a_server(message: Message, senders: Sequence[str]) -> bool:
    """Whether a mail server speaks: without a return path, or by one of its two names (RFC 5321 §4.5.1, §4.5.5)."""
    path = str(message.get("Return-Path", "?")).strip()
    return path == "<>" or any(
        each.partition("@")[0] in {"mailer-daemon", "postmaster", "mail-daemon"} for each in senders
    )


def _fails_authentication(message: Message) -> bool:
    """Whether the last server on its way, which is ours, found that From is not who it says (DMARC, RFC 8601 §2.7)."""
    results = message.get("Authentication-Results")
    return (
        results is not None and re.search(r"\bdmarc\s*=\s*fail\b", str(results)[:LONGEST_HEADER]) is not None
    )


def _report(part: Message) -> Iterator[dict[str, str]]:
    """The blocks of a message/delivery-status; the first is about the message, each other about one recipient."""
    if part.get_content_type() not in {"message/delivery-status", "message/global-delivery-status"}:
        return
    blocks = part.get_payload()
    for block in blocks[:MOST_PARTS] if isinstance(blocks, list) else ():
        if isinstance(block, Message):
            yield {
                name.lower(): " ".join(str(value)[:LONGEST_HEADER].split()) for name, value in block.items()
            }


def _text(parts: Sequence[Message]) -> str:
    """What the first part of plain text says."""
    for part in parts:
        if part.get_content_type() == "text/plain" and not _file_name(part):
            octets = _utf8(_octets(part)[:LONGEST_TEXT], _param(part, "charset"))
            return "\n".join(octets.decode("utf-8", "replace").splitlines())
    return ""
