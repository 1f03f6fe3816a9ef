"""The readiness checks that rolls bring. Each looks at many events in a fixed number of queries.

docs/roll.md shows the list; a test compares.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from convenor.attendance.enums import GONE
from convenor.attendance.models import Registration, Roll, Seat
from convenor.attendance.queries.capacity import room_capacities
from convenor.attendance.queries.counts import RollCounts, counts_of_rolls
from convenor.attendance.queries.timing import ends_at, is_on, starts_at
from convenor.base.models import AddressTrouble
from convenor.events.enums import Level
from convenor.events.models import Contact, Party
from convenor.events.queries.readiness_checks.coming import by_event
from convenor.events.registry import Check
from convenor.events.rules.dates import local_in
from convenor.events.rules.findings import Finding, Ref
from convenor.scheduling.rules.wording import moment_in

WARNED_BEFORE = timedelta(days=3)
"""A count that is due in so long wants attention."""
Found = Iterator[tuple[int, Finding]]


@dataclass(frozen=True, slots=True)
class Line:
    """A roll of what is still to come, with its counts."""

    roll: Roll
    counts: RollCounts

    @property
    def title(self) -> str:
        function = self.roll.function
        if function is None:
            return self.roll.event.title
        return function.occurrence.title or function.occurrence.meeting.title

    @property
    def ref(self) -> Ref:
        if self.roll.function_id is None:
            return Ref("event.roll", self.roll.event_id, self.title)
        return Ref("roll", self.roll.pk, self.title)

    @property
    def subject(self) -> str:
        return str(self.roll.pk)


def _lines(event_ids: Sequence[int], now: datetime) -> list[Line]:
    """2 queries."""
    rows = Roll.objects.filter(event__among=event_ids, function__removed_at__isnull=True)
    rolls = [
        roll
        for roll in rows.select_related("event", "function__occurrence__meeting").order_by("pk")
        if is_on(roll) and (ends_at(roll) or now) >= now
    ]
    counts = counts_of_rolls(rolls, now)
    return [Line(roll, counts[roll.pk]) for roll in rolls]


def roll_fits(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """Nobody has a seat that the room hasn't. 7 queries."""
    lines = _lines(event_ids, now)
    rooms = room_capacities([line.roll for line in lines])
    return by_event(_too_many(lines, rooms))


def _too_many(lines: Iterable[Line], rooms: Mapping[int, int | None]) -> Found:
    for line in lines:
        room = rooms[line.roll.pk]
        holds = min((each for each in (room, line.counts.capacity) if each is not None), default=None)
        if holds is None:
            continue
        values = {"what": line.title, "holds": holds}
        if line.counts.taken > holds:
            sentence = _("“%(what)s” has %(count)d people with a seat and room for %(holds)d.")
            yield _finding(line, Level.BLOCKING, sentence % {**values, "count": line.counts.taken})
        elif line.counts.expected > holds:
            sentence = _("“%(what)s” expects %(count)d people and has room for %(holds)d.")
            words = sentence % {**values, "count": line.counts.expected}
            yield _finding(line, Level.ATTENTION, words, once_late=Level.BLOCKING)


def _finding(
    line: Line, level: Level, sentence: str, *, once_late: Level | None = None
) -> tuple[int, Finding]:
    return line.roll.event_id, Finding(level, sentence, line.subject, line.ref, once_late=once_late)


def guarantee_given(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """Who was promised a number has it. 2 queries."""
    return by_event(_ungiven(_lines(event_ids, now), now))


def _ungiven(lines: Iterable[Line], now: datetime) -> Found:
    for line in lines:
        due, zone = line.roll.guarantee_due, line.roll.event.zone
        if due is None or line.roll.guaranteed is not None or now < due - WARNED_BEFORE:
            continue
        values = {"what": line.title, "moment": moment_in(due, zone)}
        local = local_in(zone, due)
        if now < due:
            level, sentence = Level.ATTENTION, _("The guaranteed count of “%(what)s” is due on %(moment)s.")
        else:
            level, sentence = Level.BLOCKING, _("The guaranteed count of “%(what)s” was due on %(moment)s.")
        safe_until = local.date() if local else None
        finding = Finding(level, sentence % values, line.subject, line.ref, safe_until=safe_until)
        yield line.roll.event_id, finding


def answers_due(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """Once answers are due, whoever was invited has given one. 2 queries."""
    return by_event(_unanswered(_lines(event_ids, now), now))


def _unanswered(lines: Iterable[Line], now: datetime) -> Found:
    for line in lines:
        due, count = line.roll.rsvp_by, line.counts.invited
        if due is not None and due <= now and count:
            sentence = ngettext(
                "%(count)d person invited to “%(what)s” hasn't answered, and answers were due on %(moment)s.",
                "%(count)d people invited to “%(what)s” haven't answered, and answers were due on %(moment)s.",
                count,
            )
            values = {"count": count, "what": line.title, "moment": moment_in(due, line.roll.event.zone)}
            yield _finding(line, Level.ATTENTION, sentence % values)


def waitlist_served(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """Nobody waits while a seat is free. 2 queries."""
    return by_event(_waiting(_lines(event_ids, now), now))


def _waiting(lines: Iterable[Line], now: datetime) -> Found:
    for line in lines:
        free, count, start = line.counts.free, line.counts.waitlisted, starts_at(line.roll)
        if count and free != 0 and (start is None or now < start):
            sentence = ngettext(
                "%(count)d person waits for “%(what)s” while seats are free.",
                "%(count)d people wait for “%(what)s” while seats are free.",
                count,
            )
            yield _finding(line, Level.ATTENTION, sentence % {"count": count, "what": line.title})


def reachable(event_ids: Sequence[int], _now: datetime) -> Mapping[int, Sequence[Finding]]:
    """Mail to the event's people arrives. At most 4 queries, 1 where no address is in trouble."""
    troubles = sorted(AddressTrouble.objects.values_list("address", flat=True))
    if not troubles:
        return {}
    return by_event(_unreached(event_ids, troubles))


def _unreached(event_ids: Sequence[int], troubles: Sequence[str]) -> Found:
    """Each address once, where it is mended."""
    seen: set[tuple[int, str]] = set()
    for event, address, name, ref in (
        *_registrants(event_ids, troubles),
        *_people(Party.objects.all(), event_ids, troubles, lambda event: Ref("event.people", event)),
        *_people(Contact.objects.all(), event_ids, troubles, lambda event: Ref("event.contacts", event)),
    ):
        if (event, address) not in seen:
            seen.add((event, address))
            sentence = _("Mail to %(name)s doesn't arrive.") % {"name": name}
            yield event, Finding(Level.ATTENTION, sentence, address, ref)


Reached = Iterator[tuple[int, str, str, Ref]]


def _registrants(event_ids: Sequence[int], troubles: Sequence[str]) -> Reached:
    live = Seat.objects.exclude(state__in=GONE).values("registration")
    rows = Registration.objects.filter(event__among=event_ids, email__in=troubles, pk__in=live)
    for event, pk, name, email in rows.order_by("pk").values_list("event_id", "pk", "name", "email"):
        yield event, email, name, Ref("registration", pk, name)


def _people(
    rows: QuerySet[Model], event_ids: Sequence[int], troubles: Sequence[str], ref: Callable[[int], Ref]
) -> Reached:
    theirs = rows.filter(event__among=event_ids, person__email__in=troubles).order_by("pk")
    for event, name, email in theirs.values_list("event_id", "person__name", "person__email"):
        yield event, email, name, ref(event)


CHECKS = (
    Check("roll_fits", gettext_lazy("Roll fits its room"), roll_fits),
    Check("guarantee_given", gettext_lazy("Guaranteed count given"), guarantee_given),
    Check("answers_due", gettext_lazy("Invitations answered"), answers_due),
    Check("waitlist_served", gettext_lazy("Nobody waits while seats are free"), waitlist_served),
    Check("reachable", gettext_lazy("Mail arrives"), reachable),
)
