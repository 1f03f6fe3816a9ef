"""Moving an event: by how much, what comes along, and what speaks against it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from convenor.events.enums import OUTSIDE_DATES, EventState
from convenor.events.rules.dates import Dated, instant_in, local_in
from convenor.events.rules.event import FIRST_YEAR, LAST_YEAR
from convenor.kernel.instants import LocalTime

MOVABLE = (EventState.ENQUIRY, EventState.PLANNING, EventState.CONFIRMED)


@dataclass(frozen=True, slots=True)
class Shift:
    """Wall-clock time by which everything moves in the event's zone: what is at nine stays at nine, whatever clocks do between."""

    zone: str
    by: timedelta

    def of(self, moment: datetime) -> datetime:
        """Where an instant goes; aware UTC."""
        local = local_in(self.zone, moment)
        moved = None if local is None else instant_in(self.zone, LocalTime(local + self.by))
        assert moved is not None
        return moved

    def of_or_none(self, moment: datetime | None) -> datetime | None:
        return None if moment is None else self.of(moment)

    def of_local(self, local: LocalTime) -> LocalTime:
        return LocalTime(local + self.by)

    def of_day(self, day: date) -> date:
        """Days move by whole days: of a move by thirty hours, by one."""
        return day + timedelta(days=round(self.by / timedelta(days=1)))

    def of_span(self, starts_at: datetime, ends_at: datetime, *, all_day: bool) -> tuple[datetime, datetime]:
        """It lasts as long as before; whole days, and what lasts over a night, end when the clock says so, as their event does."""
        start, end = self.of(starts_at), self.of(ends_at)
        same_length = start + (ends_at - starts_at)
        return start, end if all_day or self._is_overnight(starts_at, ends_at) else same_length

    def _is_overnight(self, starts_at: datetime, ends_at: datetime) -> bool:
        first, last = local_in(self.zone, starts_at), local_in(self.zone, ends_at)
        assert first is not None
        assert last is not None
        return first.date() < last.date()


@dataclass(slots=True)
class Dates:
    """An event's dates without the rest of it, as they would be; aware."""

    zone: str
    load_in_at: datetime | None
    starts_at: datetime | None
    ends_at: datetime | None
    load_out_at: datetime | None


def shift_to(event: Dated, starts: LocalTime) -> Shift:
    """How far the event moves to start then; it must have dates."""
    begins = local_in(event.zone, event.starts_at)
    assert begins is not None
    return Shift(event.zone, starts - begins)


def dates_after(event: Dated, shift: Shift) -> Dates:
    return Dates(
        event.zone,
        shift.of_or_none(event.load_in_at),
        shift.of_or_none(event.starts_at),
        shift.of_or_none(event.ends_at),
        shift.of_or_none(event.load_out_at),
    )


def why_not_movable(state: str, starts_at: datetime | None) -> str | None:
    """What speaks against moving the event at all."""
    if starts_at is None:
        return _("It has no start and end yet: enter them, there is nothing to move.")
    if state == EventState.POSTPONED:
        return _("It is postponed: resume it with its new start.")
    if state not in MOVABLE:
        return _("It has begun, so it can't be moved as a whole; move what is still to come one by one.")
    return None


def problems_of(
    dates: Dates, now: datetime, holidays: Mapping[date, str], site: str, *, despite_holiday: bool
) -> dict[str, list[str]]:
    """What speaks against the new dates, by field; `holidays` are the site's by their days, with their names."""
    first, last = local_in(dates.zone, dates.starts_at), local_in(dates.zone, dates.ends_at)
    assert first is not None
    assert last is not None
    if not (FIRST_YEAR <= first.year <= LAST_YEAR and FIRST_YEAR <= last.year <= LAST_YEAR):
        years = {"first": FIRST_YEAR, "last": LAST_YEAR}
        return {"starts": [_("The year must be from %(first)d to %(last)d.") % years]}
    begins = dates.load_in_at or dates.starts_at
    assert begins is not None
    if begins <= now:
        sentence = (
            _("Its load-in would be in the past.")
            if dates.load_in_at
            else _("An event can't be moved into the past.")
        )
        return {"starts": [sentence]}
    name = holidays.get(first.date())
    if name and not despite_holiday:
        sentence = _(
            "%(day)s is a public holiday at %(site)s: %(name)s. Choose another day, or say that this one is meant."
        )
        return {"despite_holiday": [sentence % {"day": date_format(first), "site": site, "name": name}]}
    return {}


def stays_behind(
    kind: str, old: tuple[datetime, datetime], new: tuple[datetime, datetime], now: datetime
) -> str | None:
    """Why a function keeps its time when its event moves; None for one that comes along."""
    if old[0] <= now:
        return _("It has taken place, so it stays where it is.")
    if kind in OUTSIDE_DATES and new[0] <= now:
        return _("It would be in the past, so it stays where it is.")
    return None
