"""Calendars that answer: REPLY, COUNTER and REFRESH as RFC 5546 §3.2 has them and as mail programs really write them. Pure.

Not the reader of whole calendars (`ics.read`), which wants a start of every event and keeps no comment: an answer may leave its start
out (§3.2.3), and what counts is who answers, for what, when, and with which words. No recurrence rule is ever expanded here.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from convenor.interop.ics.components import CALENDAR, KEPT, Block, BlockReader, Remarks, uid_of
from convenor.interop.ics.event import LARGEST_SEQUENCE
from convenor.interop.ics.lines import CONTROL, ContentLine, unescape, utf8_bytes
from convenor.interop.ics.objects import Attendee, Limits, When
from convenor.interop.ics.people import read_attendee
from convenor.interop.ics.problems import Refusal
from convenor.interop.ics.times import Times, aware
from convenor.interop.ics.values import after, read_duration
from convenor.interop.ics.zones import clean_tzid
from convenor.kernel.instants import ZoneName

ANSWERS = frozenset({"REPLY", "COUNTER", "REFRESH"})
METHODS = ANSWERS | {"REQUEST", "CANCEL", "ADD", "PUBLISH", "DECLINECOUNTER"}
LIMITS = Limits(bytes=1_000_000, components=500, text=2_000, value=2_000, values=500, depth=6)
MOST_EVENTS = 50
LONGEST_COMMENT = 300
BESIDE = "X-RESPONSE-COMMENT"
ORIGINAL_START = "X-MS-OLK-ORIGINALSTART"
PROPERTIES = KEPT | {"COMMENT", "PRODID", ORIGINAL_START}


@dataclass(frozen=True, slots=True)
class Answer:
    """One VEVENT of an answer. `stamp` is DTSTAMP; `original_start` what Outlook says a proposal is instead of."""

    method: str
    uid: str
    attendees: tuple[Attendee, ...] = ()
    recurrence_id: When | None = None
    range_following: bool = False
    sequence: int = 0
    stamp: datetime | None = None
    start: When | None = None
    end: When | None = None
    original_start: When | None = None
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Incoming:
    """What a calendar says. `method` and `product` (PRODID) may be ""; `refused` counts the events that can't be read."""

    method: str = ""
    product: str = ""
    answers: tuple[Answer, ...] = ()
    refused: int = 0
    is_calendar: bool = False


def read_incoming(data: bytes, *, method: str = "", default_zone: ZoneName) -> Incoming:
    """Read a calendar of a mail; `method` is what the mail says of it, where the calendar itself says nothing.

    Never raises. What is beyond LIMITS is left out; of an answer with more than MOST_EVENTS events the rest is counted as refused.
    """
    if len(data) > LIMITS.bytes:
        return Incoming(method=method.upper(), refused=1)
    return _Reading(utf8_bytes(data), default_zone, method.strip().upper()).incoming()


@dataclass(slots=True)
class _Reading:
    """A first pass for the calendar's own properties and its zones, a second one for the events."""

    data: bytes
    default_zone: ZoneName
    said: str
    zones: dict[str, Block] = field(default_factory=dict)
    refused: int = 0

    def incoming(self) -> Incoming:
        head = self._head()
        own = _text(head, "METHOD").upper() if head else ""
        method = own if own in METHODS else self.said if self.said in METHODS else own
        answers = list(self._answers(method)) if method in ANSWERS else []
        if len(answers) > MOST_EVENTS:
            self.refused += len(answers) - MOST_EVENTS
        return Incoming(
            method=method,
            product=_text(head, "PRODID") if head else "",
            answers=tuple(answers[:MOST_EVENTS]),
            refused=self.refused,
            is_calendar=head is not None,
        )

    def _head(self) -> Block | None:
        """The first VCALENDAR; the zones are those of all."""
        found: Block | None = None
        for block in self._blocks(frozenset({CALENDAR, "VTIMEZONE"})):
            if block.name == CALENDAR:
                found = found or block
            elif block.name == "VTIMEZONE" and block.refusal is None and (tzid := block.first("TZID")):
                self.zones.setdefault(clean_tzid(unescape(tzid.value)), block)
        return found

    def _answers(self, method: str) -> Iterator[Answer]:
        times = Times(self.default_zone, None, self.zones, Remarks(LIMITS))
        for block in self._blocks(frozenset({"VEVENT"})):
            if block.name != "VEVENT":
                continue
            try:
                yield _answer(method, block, times)
            except Refusal:
                self.refused += 1

    def _blocks(self, names: frozenset[str]) -> Iterator[Block]:
        return BlockReader(LIMITS, Remarks(LIMITS), names.__contains__, kept=PROPERTIES).blocks(self.data)


def _answer(method: str, block: Block, times: Times) -> Answer:
    """Raises Refusal for an event that was not read whole, or whose recurrence id can't be read: it could mean all of a series."""
    if block.refusal is not None:
        raise block.refusal
    rid = block.first("RECURRENCE-ID")
    start = _moment(block, times, "DTSTART")
    stamp = _moment(block, times, "DTSTAMP")
    return Answer(
        method=method,
        uid=uid_of(block, LIMITS),
        attendees=_attendees(block),
        recurrence_id=times.moment(block, rid) if rid is not None else None,
        range_following=rid is not None and rid.param("RANGE").upper() == "THISANDFUTURE",
        sequence=_sequence(block.first("SEQUENCE")),
        stamp=aware(stamp, times.home) if stamp is not None else None,
        start=start,
        end=_end(block, times, start),
        original_start=_moment(block, times, ORIGINAL_START),
        comment=_comment(block),
    )


def _moment(block: Block, times: Times, name: str) -> When | None:
    """None for a time that isn't there or can't be read: an answer is one without it."""
    line = block.first(name)
    try:
        return times.moment(block, line) if line is not None else None
    except Refusal:
        return None


def _end(block: Block, times: Times, start: When | None) -> When | None:
    if (end := _moment(block, times, "DTEND")) is not None or start is None:
        return end
    lasts = block.first("DURATION")
    try:
        days, exact = read_duration(lasts.value, name="DURATION", line=lasts.number) if lasts else (0, None)
        return after(start, days, exact) if exact is not None else None
    except (Refusal, OverflowError, ValueError):
        return None


def _attendees(block: Block) -> tuple[Attendee, ...]:
    """Each address once, as the first line of several says."""
    people: dict[str, Attendee] = {}
    for line in block.properties.get("ATTENDEE", [])[: LIMITS.values]:
        attendee = read_attendee(line)
        if attendee is not None and "@" in attendee.email:
            people.setdefault(attendee.email, attendee)
    return tuple(people.values())


def _sequence(line: ContentLine | None) -> int:
    text = line.value.strip() if line is not None else ""
    return min(int(text), LARGEST_SEQUENCE) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def _comment(block: Block) -> str:
    """All of them (there may be several), on one line; Google writes it beside the attendee instead."""
    lines = block.properties.get("COMMENT", [])[:5]
    texts = [unescape(line.value[: LIMITS.text].rstrip("\\")) for line in lines]
    texts += [line.param(BESIDE)[: LIMITS.text] for line in block.properties.get("ATTENDEE", [])[:5]]
    return " ".join(" ".join(CONTROL.sub(" ", text) for text in texts).split())[:LONGEST_COMMENT]


def _text(block: Block, name: str) -> str:
    line = block.first(name)
    return CONTROL.sub("", unescape(line.value[:200])).strip() if line is not None else ""
