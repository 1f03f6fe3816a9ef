"""Masters and what replaces their occurrences: UID, SEQUENCE and RECURRENCE-ID, RFC 5545 §3.8.4.4, §3.8.4.7 and §3.8.7.4."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from convenor.interop.ics.components import Block, Remarks
from convenor.interop.ics.expand import series_of
from convenor.interop.ics.objects import Event, RecurrenceSet, When
from convenor.interop.ics.problems import ProblemCode, Refusal
from convenor.interop.ics.times import same_kind
from convenor.interop.ics.values import instant_at
from convenor.kernel.instants import Instant, Span, ZoneName
from convenor.kernel.recurrence import expand

Read = tuple[Block, Event]
NEVER = datetime(1, 1, 1, tzinfo=UTC)


def group(events: Iterable[Read], *, home: ZoneName, remarks: Remarks) -> tuple[RecurrenceSet, ...]:
    """One set for each UID, in the order in which the UIDs first appear. The blocks say where each event stands, for the report."""
    by_uid: dict[str, list[Read]] = {}
    for read in events:
        by_uid.setdefault(read[1].uid, []).append(read)
    return tuple(_set(uid, same, home, remarks) for uid, same in by_uid.items())


def _set(uid: str, same: Sequence[Read], home: ZoneName, remarks: Remarks) -> RecurrenceSet:
    masters = [read for read in same if read[1].recurrence_id is None]
    changes = [read for read in same if read[1].recurrence_id is not None]
    master = _newest(masters, remarks) if masters else None
    if master is None:
        remarks.repaired(changes[0][0], ProblemCode.OVERRIDE_WITHOUT_SERIES)
    model = master.start if master is not None else None
    slots: dict[Instant, list[Read]] = {}
    for block, change in changes:
        straight = _straight(change, model, home)
        assert straight.recurrence_id is not None
        slots.setdefault(instant_at(straight.recurrence_id, home), []).append((block, straight))
    overrides = []
    for start in sorted(slots):
        why = _obsolete(slots[start], start, master, home)
        if why is None:
            overrides.append(_newest(slots[start], remarks))
        else:
            for block, _ in slots[start]:
                remarks.refused(block, Refusal(why))
    return RecurrenceSet(uid, master, tuple(overrides))


def _obsolete(same: Sequence[Read], at: Instant, master: Event | None, home: ZoneName) -> ProblemCode | None:
    """Why the changes of one occurrence count no more: it was deleted later, or the master has had a revision since (§3.8.7.4) and lost
    the occurrence by it.
    """
    if master is None:
        return None
    if any(instant_at(when, home) == at for when in master.exdates):
        return ProblemCode.OVERRIDE_EXCLUDED
    if all(event.sequence < master.sequence for _, event in same):
        found = expand(series_of(master, home), within=Span(at, Instant(at + 1)), limit=100)
        return None if at in found.starts else ProblemCode.OVERRIDE_STALE
    return None


def _straight(change: Event, model: When | None, home: ZoneName) -> Event:
    """The change with its recurrence id in the form of the master's start, the zone of that one included."""
    if model is None or change.recurrence_id is None:
        return change
    return replace(change, recurrence_id=same_kind(change.recurrence_id, model, home))


def _newest(same: Sequence[Read], remarks: Remarks) -> Event:
    """The highest SEQUENCE, then the last change; of equals the first. The others are reported, but for plain copies."""
    winner = max(same, key=lambda read: (read[1].sequence, read[1].last_modified or NEVER))[1]
    for block, event in same:
        if event != winner:
            remarks.refused(block, Refusal(ProblemCode.UID_DUPLICATED))
    return winner
