"""Every calendar that icalendar and recurring-ical-events ship for their own tests: each is read or refused with a reason, and means the
same occurrences as recurring-ical-events finds in it.

Both packages carry these files in their wheels, so that nothing is copied here and nothing is fetched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from pathlib import Path

import icalendar
import pytest
import recurring_ical_events

from convenor.interop.ics.expand import expand_events
from convenor.interop.ics.objects import Calendar
from convenor.interop.ics.problems import ProblemCode, Severity
from convenor.interop.ics.read import read_calendar
from convenor.interop.ics.values import instant_at
from convenor.kernel.instants import DAY, Instant, Span, datetime_of, instant_of
from tests.interop.ics.calendars import UTC_ZONE

Key = tuple[str, Instant, Instant]
PACKAGES = (Path(icalendar.__file__).parent, Path(recurring_ical_events.__file__).parent)
FILES = [path for folder in PACKAGES for path in sorted(folder.rglob("*.ics"))]

ONE_DAY = "DTEND equal to DTSTART, both dates: forbidden (RFC 5545 §3.8.2.2), and what writers of one-day events mean by it is that day"
USUAL_TIME = (
    "a bare date in RDATE of a timed event: that day at the event's usual time, rather than at midnight"
)
WHOLE_DAY = "UNTIL as a bare date with a timed start: that day is the last one (§3.3.10), rather than its midnight the end"
DIFFERENT: Mapping[str, str] = {
    "example.ics": ONE_DAY,
    "Germany_Holidays.ics": ONE_DAY,
    "issue_1633_rdate_with_dates.ics": USUAL_TIME,
    "issue_1633_rdate_with_dates_and_tzid.ics": USUAL_TIME,
    "issue_75_range_parameter.ics": WHOLE_DAY,
}
# Where the other side gives up on what it read (an event without DTSTART, a broken EXDATE), there is nothing to compare.
THEY_FAIL = frozenset(
    {
        *(
            "america_new_york_forward_reference.ics",
            "broken_ical.ics",
            "created_calendar_with_unicode_fields.ics",
        ),
        *(
            "issue_104_broken_calendar.ics",
            "issue_165_missing_event.ics",
            "issue_722_missing_timezones.ics",
            "multiple_timezones.ics",
        ),
        *("pacific_fiji.ics", "parsing_error.ics", "issue_464_invalid_rdate.ics"),
    }
)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_each_component_is_read_or_refused_with_a_reason(path: Path) -> None:
    data = path.read_bytes()
    calendar = read_calendar(data, default_zone=UTC_ZONE)
    told = sum(problem.severity is Severity.REFUSED for problem in calendar.problems)
    assert all(len(problem.sentence) > 20 for problem in calendar.problems)
    events = data.upper().count(b"BEGIN:VEVENT")
    copies = events - len({*data.upper().split(b"BEGIN:VEVENT")[1:]})
    # A period in RDATE with a length of its own makes one event into two, and plain copies count once.
    assert sum(1 for _ in calendar.events()) + told + copies >= events


@pytest.mark.filterwarnings("ignore")  # icalendar warns of what it guesses in its own bad examples
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_the_same_occurrences_as_recurring_ical_events(path: Path) -> None:
    calendar = read_calendar(path.read_bytes(), default_zone=UTC_ZONE)
    within = _stretch(calendar)
    if within is None:
        return
    ours = Counter(
        ("" if each.uid.endswith("@content") else each.uid, each.start, each.end)
        for each in expand_events(calendar, within, zone=UTC_ZONE)
    )
    if path.name in THEY_FAIL:
        # Which errors they are is their business; that they are errors keeps the list above honest.
        with pytest.raises((AttributeError, KeyError, TypeError, ValueError)):
            Counter(_theirs(path.read_bytes(), within))
    elif path.name in DIFFERENT:
        assert ours != Counter(_theirs(path.read_bytes(), within)), (
            f"no difference any more: {DIFFERENT[path.name]}"
        )
    else:
        assert ours == Counter(_theirs(path.read_bytes(), within))


def test_the_packages_still_ship_their_calendars() -> None:
    counts = [sum(folder in path.parents for path in FILES) for folder in PACKAGES]
    assert counts[0] >= 150
    assert counts[1] >= 90
    assert {path.name for path in FILES} >= DIFFERENT.keys() | THEY_FAIL


def test_a_file_without_events_says_what_it_holds() -> None:
    path = next(path for path in FILES if path.name == "todos_example.ics" or path.parent.name == "todos")
    [problem] = read_calendar(path.read_bytes(), default_zone=UTC_ZONE).problems
    assert (problem.code, problem.params) == (ProblemCode.NOT_IMPORTED, (("name", "VTODO"),))


def _stretch(calendar: Calendar) -> Span | None:
    """A year before the first event to three years after the last, twenty in all at most."""
    starts = [instant_at(event.start, UTC_ZONE) for event in calendar.events()]
    if not starts:
        return None
    last = min(max(starts), min(starts) + 20 * 365 * DAY)
    return Span(Instant(min(starts) - 400 * DAY), Instant(last + 1_200 * DAY))


def _theirs(data: bytes, within: Span) -> Iterator[Key]:
    icalendar.use_zoneinfo()  # forgets the zones of the files before
    for found in icalendar.Calendar.from_ical(data, multiple=True):
        calendar = found
        if not isinstance(found, icalendar.Calendar):
            calendar = icalendar.Calendar()
            calendar.add_component(found)
        for event in recurring_ical_events.of(calendar).between(
            datetime_of(within.start), datetime_of(within.end)
        ):
            yield str(event.get("UID", "")), _instant(event["DTSTART"].dt), _instant(event["DTEND"].dt)


def _instant(when: date) -> Instant:
    moment = when if isinstance(when, datetime) else datetime.combine(when, datetime.min.time())
    return instant_of(moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC))
