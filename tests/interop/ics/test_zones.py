"""Which zone a TZID means, by its name or by the clock changes that come with it."""

from __future__ import annotations

import pytest

from convenor.interop.ics.problems import ProblemCode
from convenor.interop.ics.zones import zone_named
from tests.interop.ics.calendars import at, event_lines, read


@pytest.mark.parametrize(
    ("tzid", "zone"),
    [
        ("Europe/Bucharest", "Europe/Bucharest"),
        ("europe/bucharest", "Europe/Bucharest"),
        ("America/Argentina/Buenos_Aires", "America/Argentina/Buenos_Aires"),
        ("America/New York", "America/New_York"),
        ("GTB Standard Time", "Europe/Bucharest"),
        ("India Standard Time", "Asia/Kolkata"),
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("Romance Standard Time", "Europe/Paris"),
        ("UTC", "UTC"),
        ("tzone://Microsoft/Utc", "UTC"),
        ("/freeassociation.sourceforge.net/Europe/Berlin", "Europe/Berlin"),
        ("/freeassociation.sourceforge.net/Tzfile/Europe/Berlin", "Europe/Berlin"),
        ("/mozilla.org/20050126_1/America/Indiana/Knox", "America/Indiana/Knox"),
        ("/citadel.org/20190914_1/Europe/Lisbon", "Europe/Lisbon"),
        ("/citadel.org/20190914_1/UTC", "UTC"),
        ("/Europe/Stockholm", "Europe/Stockholm"),
        ("UTC+02:00", "Etc/GMT-2"),
        ("GMT-5", "Etc/GMT+5"),
        ("(UTC+02:00) Athens, Bucharest", "Europe/Athens"),
        ("(GMT+01.00) Sarajevo/Warsaw/Zagreb", None),
        ("Customized Time Zone", None),
        ("../../etc/passwd", None),
        ("", None),
    ],
)
def test_names(tzid: str, zone: str | None) -> None:
    assert zone_named(tzid) == zone


def definition(tzid: str, *observances: tuple[str, str, str, str, str]) -> list[str]:
    lines = ["BEGIN:VTIMEZONE", f"TZID:{tzid}"]
    for kind, start, rule, before, after in observances:
        lines += [f"BEGIN:{kind}", f"DTSTART:{start}", *([f"RRULE:{rule}"] if rule else [])]
        lines += [f"TZOFFSETFROM:{before}", f"TZOFFSETTO:{after}", f"END:{kind}"]
    return [*lines, "END:VTIMEZONE"]


def event(tzid: str, start: str = "20260702T090000") -> list[str]:
    return event_lines(f"DTSTART;TZID={tzid}:{start}")


EUROPE = (
    ("STANDARD", "16010101T040000", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "+0300", "+0200"),
    ("DAYLIGHT", "16010101T030000", "FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3", "+0200", "+0300"),
)
NEW_YORK = (
    ("STANDARD", "16010101T020000", "FREQ=YEARLY;BYDAY=1SU;BYMONTH=11", "-0400", "-0500"),
    ("DAYLIGHT", "16010101T020000", "FREQ=YEARLY;BYDAY=2SU;BYMONTH=3", "-0500", "-0400"),
)


@pytest.mark.parametrize(
    ("observances", "zone"),
    [
        # The reader's own zone, when it fits, rather than another with the same clocks.
        (EUROPE, "Europe/Bucharest"),
        (NEW_YORK, "America/New_York"),
        ([("STANDARD", "16010101T000000", "", "+0530", "+0530")], "Asia/Kolkata"),
    ],
)  # fmt: skip
def test_a_made_up_name_is_recognised_by_its_clocks(
    observances: list[tuple[str, str, str, str, str]], zone: str
) -> None:
    calendar = read(*definition("Customized Time Zone", *observances), *event("Customized Time Zone"))
    assert calendar.sets[0].master is not None
    assert calendar.sets[0].master.start == at("2026-07-02 09:00", zone)
    [problem] = calendar.problems
    assert (problem.code, dict(problem.params)["zone"]) == (ProblemCode.ZONE_GUESSED, zone)


def test_the_definition_may_stand_after_its_use_and_is_told_once() -> None:
    both = [
        *event("Mine"),
        *event_lines("DTSTART;TZID=Mine:20260703T090000", uid="two"),
        *definition("Mine", *NEW_YORK),
    ]
    calendar = read(*both)
    assert {one.master.zone for one in calendar.sets if one.master} == {"America/New_York"}
    assert [problem.code for problem in calendar.problems] == [ProblemCode.ZONE_GUESSED]


def test_a_zone_like_no_other_is_converted() -> None:
    odd = definition("Base camp", ("STANDARD", "16010101T000000", "", "+0500", "+0507"))
    calendar = read(*odd, *event("Base camp"))
    assert calendar.sets[0].master is not None
    assert calendar.sets[0].master.start == at("2026-07-02 06:53")
    assert [problem.code for problem in calendar.problems] == [ProblemCode.ZONE_APPROXIMATED]


def test_a_name_that_nothing_explains() -> None:
    calendar = read("X-WR-TIMEZONE:Europe/Lisbon", *event("Head office"))
    assert calendar.sets[0].master is not None
    assert calendar.sets[0].master.start == at("2026-07-02 09:00", "Europe/Lisbon")
    [problem] = calendar.problems
    assert (problem.code, problem.sentence) == (
        ProblemCode.ZONE_UNKNOWN,
        "The zone “Head office” is unknown; the times were read as times in Europe/Lisbon.",
    )


def test_the_lic_location_names_the_zone() -> None:
    lines = definition("X", *EUROPE)
    lines.insert(2, "X-LIC-LOCATION:Europe/Vilnius")
    calendar = read(*lines, *event("X"))
    assert calendar.sets[0].master is not None
    assert (calendar.sets[0].master.zone, calendar.problems) == ("Europe/Vilnius", ())


def test_x_wr_timezone_moves_utc_times_into_the_calendars_zone() -> None:
    calendar = read("X-WR-TIMEZONE:Europe/Lisbon", *event_lines("DTSTART:20260702T080000Z"))
    assert calendar.sets[0].master is not None
    assert calendar.sets[0].master.start == at("2026-07-02 09:00", "Europe/Lisbon")
    # But for the hour that these clocks show twice, of which a local time can only mean the first.
    calendar = read("X-WR-TIMEZONE:Europe/Lisbon", *event_lines("DTSTART:20261025T013000Z"))
    assert calendar.sets[0].master is not None
    assert calendar.sets[0].master.start == at("2026-10-25 01:30", "UTC")


@pytest.mark.parametrize("tzid", ['"Europe/Lisbon"', "Europe/Lisbon ", "'Europe/Lisbon'"])
def test_quotes_and_blanks_around_a_tzid(tzid: str) -> None:
    calendar = read(*event(tzid))
    assert calendar.sets[0].master is not None
    assert (calendar.sets[0].master.zone, calendar.problems) == ("Europe/Lisbon", ())
