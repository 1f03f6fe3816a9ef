"""A calendar program as plain as can be: it takes iTIP messages (RFC 5546) and says what it holds.

It shares no code with ours: the messages are read by `icalendar` and unrolled by `recurring_ical_events`.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar

from convenor.base.models import OutboxMessage
from convenor.base.tasks.worker import Worker

Held = tuple[datetime, datetime, str, str]
"""Start and end in UTC, title, place."""


def deliver() -> None:
    """All that is due leaves the outbox for the mails that follow from it."""
    Worker(threading.Event()).drain()
    assert not OutboxMessage.objects.exclude(last_error="").values_list("last_error", flat=True)


def mails() -> list[dict[str, Any]]:
    return list(OutboxMessage.objects.filter(kind="mail").order_by("pk").values_list("payload", flat=True))


def key_of(component: Any) -> str:
    found = component.get("RECURRENCE-ID")
    return found.dt.isoformat() if found is not None else ""


@dataclass
class CalendarProgram:
    """One person's: components by UID and recurrence id, and the newest SEQUENCE and stamp of each UID."""

    address: str
    held: dict[str, dict[str, Any]] = field(default_factory=dict)
    zones: dict[str, Any] = field(default_factory=dict)
    newest: dict[str, tuple[int, datetime]] = field(default_factory=dict)
    taken: int = 0

    def take(self, payload: dict[str, Any]) -> None:
        """RFC 5546 §3.2.2 and §3.2.5."""
        assert payload["to"] == [self.address]
        if "calendar" not in payload:
            return
        whole: Any = Calendar.from_ical(payload["calendar"]["content"])
        assert whole["METHOD"] == payload["calendar"]["method"]
        events = list(whole.walk("VEVENT"))
        for zone in whole.walk("VTIMEZONE"):
            self.zones[zone["TZID"]] = zone
        (uid,) = {str(each["UID"]) for each in events}
        self._newer(uid, events)
        for each in events:
            assert self.address in {str(a).removeprefix("mailto:") for a in listed(each)}
        if whole["METHOD"] == "REQUEST":
            self._request(uid, events)
        else:
            self._cancel(uid, events)
        self.taken += 1

    def _newer(self, uid: str, events: list[Any]) -> None:
        """What is older than what is there is passed over by calendar programs (§2.1.5): none may be."""
        order = max((int(each["SEQUENCE"]), each["DTSTAMP"].dt) for each in events)
        assert order > self.newest.get(uid, (-1, datetime.min.replace(tzinfo=UTC)))
        self.newest[uid] = order

    def _request(self, uid: str, events: list[Any]) -> None:
        found = {key_of(each): each for each in events}
        if "" in found:
            self.held[uid] = found
        else:
            self.held[uid] |= found  # a change of a date of something unknown is a KeyError here

    def _cancel(self, uid: str, events: list[Any]) -> None:
        if any(key_of(each) == "" for each in events):
            del self.held[uid]
            return
        for each in events:
            assert each["STATUS"] == "CANCELLED"
            self.held[uid].pop(key_of(each), None)
            self.held[uid][""].add("EXDATE", each["RECURRENCE-ID"].dt, {"TZID": "Europe/Bucharest"})

    def shows(self, since: datetime, until: datetime) -> list[Held]:
        return sorted(found for parts in self.held.values() for found in self._unrolled(parts, since, until))

    def _unrolled(self, parts: dict[str, Any], since: datetime, until: datetime) -> Iterator[Held]:
        whole = Calendar()
        for each in (*self.zones.values(), *parts.values()):
            whole.add_component(each)
        for each in recurring_ical_events.of(whole).between(since, until):
            start, end = moment(each["DTSTART"].dt), moment(each.end)
            if end > since:
                yield start, end, str(each["SUMMARY"]), str(each.get("LOCATION", ""))


def moment(when: date | datetime) -> datetime:
    if not isinstance(when, datetime):
        when = datetime.combine(when, datetime.min.time(), UTC)
    return when.astimezone(UTC)


def listed(component: Any) -> list[Any]:
    found = component.get("ATTENDEE", [])
    return found if isinstance(found, list) else [found]


@dataclass
class Office:
    """The calendar programs of several people, and which mails they have taken."""

    programs: dict[str, CalendarProgram] = field(default_factory=dict)
    read: int = 0

    def take_new(self) -> dict[str, int]:
        """Each mail to whom it is for; how many each got."""
        new = mails()[self.read :]
        self.read += len(new)
        counts: dict[str, int] = {}
        for payload in new:
            (address,) = payload["to"]
            counts[address] = counts.get(address, 0) + 1
            self.programs.setdefault(address, CalendarProgram(address)).take(payload)
        return counts

    def shows(self, address: str, since: datetime) -> list[Held]:
        found = self.programs.get(address)
        return found.shows(since, since + timedelta(days=300)) if found else []
