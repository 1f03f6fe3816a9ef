"""A written VTIMEZONE, read by others, says what the zone's own rules say."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import icalendar
import pytest
from dateutil.tz import tzical

from convenor.interop.ics.vtimezone import vtimezone
from convenor.interop.ics.zones import zone_named
from convenor.kernel.instants import ZoneName, instant_of
from tests.interop.ics.calendars import calendar_text, event_lines, read

AROUND = timedelta(hours=3)
ZONES = [
    *(
        "Europe/Bucharest",
        "Europe/Lisbon",
        "Europe/Dublin",
        "Europe/Istanbul",
        "America/New_York",
        "America/Los_Angeles",
    ),
    *(
        "America/Santiago",
        "America/Sao_Paulo",
        "Australia/Lord_Howe",
        "Australia/Sydney",
        "Pacific/Auckland",
        "Asia/Kolkata",
    ),
    *(
        "Asia/Tehran",
        "Asia/Jerusalem",
        "Africa/Cairo",
        "Africa/Casablanca",
        "Africa/Johannesburg",
        "Asia/Tokyo",
    ),
]


def text(zone: str, since: datetime) -> str:
    return "\r\n".join(vtimezone(ZoneName(zone), since=instant_of(since)))


@pytest.mark.parametrize(
    "since", [datetime(2000, 1, 1, tzinfo=UTC), datetime(2026, 7, 15, tzinfo=UTC)], ids=["2000", "2026"]
)
@pytest.mark.parametrize("zone", ZONES)
def test_dateutil_reads_the_zone_s_own_offsets(zone: str, since: datetime) -> None:
    read_back = tzical(io.StringIO(f"BEGIN:VCALENDAR\r\n{text(zone, since)}\r\nEND:VCALENDAR\r\n")).get()
    info = ZoneInfo(zone)
    for moment in _moments(zone, since):
        assert moment.astimezone(read_back).replace(tzinfo=None) == moment.astimezone(info).replace(
            tzinfo=None
        ), moment


def _moments(zone: str, since: datetime) -> list[datetime]:
    """Close before and after each change, outside the hours that clocks show twice, and a few weeks apart in between."""
    around = [change + hours for change in _changes(zone) for hours in (-AROUND, AROUND)]
    between = [since + timedelta(days=29) * n for n in range((2037 - since.year) * 12)]
    return [moment for moment in (*around, *between) if moment >= since]


# dateutil can't read zones that change standard and summer time at once (its `fromutc` assumes one standard time): icalendar can.
@pytest.mark.parametrize("zone", [*ZONES, "America/Nuuk", "America/Cambridge_Bay", "Pacific/Apia"])
def test_icalendar_reads_the_zone_s_own_offsets(zone: str) -> None:
    lines = text(zone, datetime(2000, 1, 1, tzinfo=UTC)).replace(f"TZID:{zone}", "TZID:made")
    component = icalendar.Timezone.from_ical(lines)
    assert isinstance(component, icalendar.Timezone)
    changes, infos = component.get_transitions()
    info = ZoneInfo(zone)
    offsets = [each[0] for each in infos]
    for change, offset in zip(changes, offsets, strict=True):
        if 2000 <= change.year < 2037:
            assert change.replace(tzinfo=UTC).astimezone(info).utcoffset() == offset
    assert {change.replace(minute=0) for change in changes} >= {
        change.replace(minute=0, tzinfo=None) for change in _changes(zone)
    }


@cache
def _changes(zone: str) -> list[datetime]:
    """The zone's changes from 2000 to 2037, to the half hour: asked for day by day, then within the day."""
    days = [datetime(2000, 1, 2, tzinfo=UTC) + timedelta(days=n) for n in range(13_513)]
    offsets = [day.astimezone(ZoneInfo(zone)).utcoffset() for day in days]
    return [
        _change_after(day, ZoneInfo(zone))
        for day, before, after in zip(days, offsets, offsets[1:], strict=False)
        if before != after
    ]


def _change_after(day: datetime, info: ZoneInfo) -> datetime:
    halves = [day + timedelta(minutes=30) * n for n in range(1, 49)]
    return next(m for m in halves if m.astimezone(info).utcoffset() != day.astimezone(info).utcoffset())


@pytest.mark.parametrize(
    "zone",
    ["Europe/Bucharest", "America/New_York", "Europe/Dublin", "America/Santiago", "Australia/Lord_Howe"],
)
def test_today_s_zones_are_two_rules(zone: str) -> None:
    lines = text(zone, datetime(2026, 7, 15, tzinfo=UTC)).split("\r\n")
    assert lines.count("BEGIN:STANDARD") == lines.count("BEGIN:DAYLIGHT") == 1
    assert sum(line.startswith("RRULE:FREQ=YEARLY;") for line in lines) == 2
    assert not any(line.startswith("RDATE") for line in lines)


def test_the_rule_of_bucharest() -> None:
    assert vtimezone(ZoneName("Europe/Bucharest"), since=instant_of(datetime(2026, 7, 15, tzinfo=UTC))) == [
        "BEGIN:VTIMEZONE",
        "TZID:Europe/Bucharest",
        "BEGIN:DAYLIGHT",
        "DTSTART:20250330T030000",
        "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU",
        "TZOFFSETFROM:+0200",
        "TZOFFSETTO:+0300",
        "TZNAME:EEST",
        "END:DAYLIGHT",
        "BEGIN:STANDARD",
        "DTSTART:20251026T040000",
        "RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU",
        "TZOFFSETFROM:+0300",
        "TZOFFSETTO:+0200",
        "TZNAME:EET",
        "END:STANDARD",
        "END:VTIMEZONE",
    ]


def test_summer_is_daylight_time_in_dublin_too() -> None:
    lines = text("Europe/Dublin", datetime(2026, 7, 15, tzinfo=UTC)).split("\r\n")
    assert lines[lines.index("BEGIN:DAYLIGHT") + 1].startswith("DTSTART:202503")


def test_a_zone_without_changes_is_one_line_of_time() -> None:
    lines = text("Asia/Kolkata", datetime(2026, 7, 15, tzinfo=UTC))
    assert (lines.count("BEGIN:"), lines.count("BEGIN:STANDARD")) == (2, 1)


@pytest.mark.parametrize("zone", ZONES)
def test_our_own_reader_recognises_the_zone_by_its_clocks(zone: str) -> None:
    made_up = "Customized Time Zone"
    assert zone_named(made_up) is None
    lines = (
        text(zone, datetime(2000, 1, 1, tzinfo=UTC)).replace(f"TZID:{zone}", f"TZID:{made_up}").split("\r\n")
    )
    calendar = read(*lines, *event_lines(f"DTSTART;TZID={made_up}:20260702T090000"))
    assert b"Customized" in calendar_text(*lines)
    [one] = calendar.sets
    assert one.master is not None
    assert one.master.zone is not None
    for month in range(1, 13):
        moment = datetime(2026, month, 15, tzinfo=UTC)
        assert (
            moment.astimezone(ZoneInfo(one.master.zone)).utcoffset()
            == moment.astimezone(ZoneInfo(zone)).utcoffset()
        )
