"""VEVENT: RFC 5545 §3.6.1, one component to one `Event`."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from convenor.interop.ics.components import Block, Remarks, uid_of
from convenor.interop.ics.lines import CONTROL, ContentLine, split_list, unescape
from convenor.interop.ics.objects import Attendee, Event, Timed, When
from convenor.interop.ics.people import read_attendee, read_organizer
from convenor.interop.ics.problems import ProblemCode, Refusal
from convenor.interop.ics.repetition import Repetition, read_repetition
from convenor.interop.ics.times import Times, aware, length
from convenor.interop.ics.values import after, midnight, read_duration

STATUSES = frozenset({"TENTATIVE", "CONFIRMED", "CANCELLED"})
CLASSES = frozenset({"PUBLIC", "PRIVATE", "CONFIDENTIAL"})
LARGEST_SEQUENCE = 2**31 - 1


@dataclass(frozen=True, slots=True)
class EventReader:
    """Reads the VEVENTs of one VCALENDAR."""

    times: Times
    remarks: Remarks

    def read(self, block: Block) -> list[Event]:
        """The event, and an override for each RDATE that is a period of another length. Raises `Refusal`."""
        start, end = self._span(block)
        rid = block.first("RECURRENCE-ID")
        repetition = self._repetition(block, start, rid)
        organizer = block.first("ORGANIZER")
        event = Event(
            uid=uid_of(block, self.remarks.limits) or self._made_uid(block),
            start=start,
            end=end,
            sequence=self._sequence(block),
            summary=" ".join(self._text(block, "SUMMARY").split()),
            description=self._text(block, "DESCRIPTION").strip(),
            location=" ".join(self._text(block, "LOCATION").split()),
            organizer=read_organizer(organizer) if organizer is not None else None,
            attendees=self._attendees(block),
            rrule=repetition.rrule,
            rdates=repetition.rdates,
            exdates=repetition.exdates,
            recurrence_id=self.times.moment(block, rid) if rid is not None else None,
            range_following=rid is not None and rid.param("RANGE").upper() == "THISANDFUTURE",
            status=self._word(block, "STATUS", STATUSES),
            transparent=self._transparent(block),
            classification=self._classification(block),
            created=self._stamp(block, "CREATED"),
            last_modified=self._stamp(block, "LAST-MODIFIED") or self._stamp(block, "DTSTAMP"),
            categories=self._categories(block),
            url=self._text(block, "URL").strip(),
        )
        return [event, *(_of_length(event, when, last) for when, last in repetition.periods)]

    def _repetition(self, block: Block, start: When, rid: ContentLine | None) -> Repetition:
        if rid is None:
            return read_repetition(block, start, self.times, self.remarks)
        if block.first("RRULE") is not None or block.first("RDATE") is not None:
            self.remarks.repaired(block, ProblemCode.OVERRIDE_CHAIN)
        return Repetition()

    def _span(self, block: Block) -> tuple[When, When]:
        """Start and end (§3.8.2.2, §3.8.2.4, §3.8.2.5), of one kind and in order."""
        first = block.first("DTSTART")
        if first is None:
            raise Refusal(ProblemCode.START_MISSING)
        start, end = self._as_written(block, self.times.moment(block, first))
        lasts = length(start, end, self.times.home)
        if lasts < timedelta(0):
            self.remarks.repaired(block, ProblemCode.END_BEFORE_START)
            start, end, lasts = end, start, -lasts
        if lasts > timedelta(days=self.remarks.limits.days):
            raise Refusal(ProblemCode.DURATION_TOO_LONG, days=lasts.days, limit=self.remarks.limits.days)
        if not isinstance(start, Timed) and start == end:
            # DTEND is exclusive, which many writers of one-day events don't know.
            return start, start + timedelta(days=1)
        return start, end

    def _as_written(self, block: Block, start: When) -> tuple[When, When]:
        last, lasts = block.first("DTEND"), block.first("DURATION")
        if last is not None and last.value.strip():
            return self._one_kind(block, start, self.times.moment(block, last))
        if lasts is None:
            return start, start if isinstance(start, Timed) else start + timedelta(days=1)
        days, exact = read_duration(lasts.value, name="DURATION", line=lasts.number)
        if abs(days) > self.remarks.limits.days or abs(exact) > timedelta(days=self.remarks.limits.days):
            raise Refusal(
                ProblemCode.DURATION_TOO_LONG, days=days + exact.days, limit=self.remarks.limits.days
            )
        if exact and not isinstance(start, Timed):
            start = Timed(midnight(start), self.times.home)
        return start, after(start, days, exact)

    def _one_kind(self, block: Block, start: When, end: When) -> tuple[When, When]:
        """A date and a time mixed: whole days when the time is a midnight, else times, the date being its first moment."""
        if isinstance(start, Timed) == isinstance(end, Timed):
            return start, end
        timed = start if isinstance(start, Timed) else end
        assert isinstance(timed, Timed)
        if timed.local.time() == datetime.min.time():
            start = start.local.date() if isinstance(start, Timed) else start
            end = end.local.date() if isinstance(end, Timed) else end
        else:
            start = start if isinstance(start, Timed) else Timed(midnight(start), timed.zone)
            end = end if isinstance(end, Timed) else Timed(midnight(end), timed.zone)
        changed = end if timed is start else start
        shown = changed.local if isinstance(changed, Timed) else changed
        self.remarks.repaired(
            block, ProblemCode.DATE_AND_TIME_MIXED, property="DTSTART/DTEND", value=shown.isoformat()
        )
        return start, end

    def _text(self, block: Block, name: str) -> str:
        """TEXT (§3.3.11), cut to the limit, without control characters."""
        line = block.first(name)
        if line is None:
            return ""
        limit = self.remarks.limits.text if name == "DESCRIPTION" else self.remarks.limits.value
        raw = line.value
        if len(raw) > limit:
            self.remarks.repaired(
                block, ProblemCode.TEXT_SHORTENED, line=line.number, property=name, size=len(raw), limit=limit
            )
            raw = raw[:limit].rstrip("\\")
        if CONTROL.search(raw):
            self.remarks.repaired(block, ProblemCode.CONTROL_CHARACTERS, line=line.number, property=name)
            raw = CONTROL.sub("", raw)
        return unescape(raw)

    def _attendees(self, block: Block) -> tuple[Attendee, ...]:
        """Each person once, as the first line of several says."""
        lines = block.properties.get("ATTENDEE", [])
        if len(lines) > self.remarks.limits.values:
            raise Refusal(
                ProblemCode.TOO_MANY_VALUES,
                property="ATTENDEE",
                count=len(lines),
                limit=self.remarks.limits.values,
            )
        people: dict[str, Attendee] = {}
        for line in lines:
            if (attendee := read_attendee(line)) is not None:
                people.setdefault(attendee.email or attendee.name, attendee)
        return tuple(people.values())

    def _sequence(self, block: Block) -> int:
        line = block.first("SEQUENCE")
        text = line.value.strip() if line is not None else ""
        return min(int(text), LARGEST_SEQUENCE) if text.isascii() and text.isdigit() and len(text) < 20 else 0

    def _word(self, block: Block, name: str, known: frozenset[str]) -> str:
        line = block.first(name)
        word = line.value.strip().upper() if line is not None else ""
        return word if word in known else ""

    def _transparent(self, block: Block) -> bool:
        transp, outlook = block.first("TRANSP"), block.first("X-MICROSOFT-CDO-BUSYSTATUS")
        if transp is not None:
            return transp.value.strip().upper() == "TRANSPARENT"
        return outlook is not None and outlook.value.strip().upper() == "FREE"

    def _classification(self, block: Block) -> str:
        """An unknown class MUST be treated as PRIVATE (§3.8.1.3)."""
        line = block.first("CLASS")
        if line is None or not line.value.strip():
            return "PUBLIC"
        return self._word(block, "CLASS", CLASSES) or "PRIVATE"

    def _stamp(self, block: Block, name: str) -> datetime | None:
        line = block.first(name)
        if line is None:
            return None
        try:
            return aware(self.times.moment(block, line), self.times.home)
        except Refusal:
            self.remarks.repaired(
                block, ProblemCode.VALUE_IGNORED, line=line.number, property=name, value=line.value
            )
            return None

    def _categories(self, block: Block) -> tuple[str, ...]:
        limit = self.remarks.limits.value
        lines = block.properties.get("CATEGORIES", [])[:100]
        return tuple(
            dict.fromkeys(item for line in lines for item in split_list(CONTROL.sub("", line.value[:limit])))
        )

    def _made_uid(self, block: Block) -> str:
        """§3.8.4.7 demands one. Made from the content, so that importing again finds the same event."""
        lines = sorted(
            f"{line.name}:{line.value}"
            for same in block.properties.values()
            for line in same
            if line.name != "DTSTAMP"
        )
        self.remarks.repaired(block, ProblemCode.UID_MISSING)
        content = "\n".join(lines).encode("utf-8", "replace")
        return f"{hashlib.sha256(content).hexdigest()[:32]}@content"


def _of_length(event: Event, when: When, lasts: timedelta) -> Event:
    """The occurrence of an RDATE that says its own length."""
    if isinstance(when, Timed):
        end: When = after(when, 0, lasts)
    else:
        end = when + lasts
    return replace(event, start=when, end=end, recurrence_id=when, rrule="", rdates=(), exdates=())
