"""The examples of RFC 5545 §3.8.5.3, as the RFC prints them. DTSTART is 2 September 1997, 09:00 in New York, unless said otherwise."""

from datetime import UTC, datetime

import pytest

from convenor.kernel.instants import Span, datetime_of, zone_name
from convenor.kernel.recurrence import RuleError, RuleProblem, Series, expand, parse_rule
from tests.kernel.recurrence.oracle import at, local

NEW_YORK = zone_name("America/New_York")
TUESDAY = "1997-09-02"

# Each row: the rule, the date of DTSTART, and the dates that the RFC lists; "…" where its list goes on for ever.
EXAMPLES: list[tuple[str, str, str]] = [
    ("FREQ=DAILY;COUNT=10", TUESDAY, "1997: 9/2 9/3 9/4 9/5 9/6 9/7 9/8 9/9 9/10 9/11"),
    ("FREQ=DAILY;INTERVAL=2", TUESDAY, "1997: 9/2 9/4 9/6 9/8 9/10 9/12 …"),
    ("FREQ=DAILY;INTERVAL=10;COUNT=5", TUESDAY, "1997: 9/2 9/12 9/22 10/2 10/12"),
    ("FREQ=WEEKLY;COUNT=10", TUESDAY, "1997: 9/2 9/9 9/16 9/23 9/30 10/7 10/14 10/21 10/28 11/4"),
    (
        "FREQ=WEEKLY;UNTIL=19971224T000000Z",
        TUESDAY,
        "1997: 9/2 9/9 9/16 9/23 9/30 10/7 10/14 10/21 10/28 11/4 11/11 11/18 11/25 12/2 12/9 12/16 12/23",
    ),
    ("FREQ=WEEKLY;INTERVAL=2;WKST=SU", TUESDAY, "1997: 9/2 9/16 9/30 10/14 10/28 11/11 11/25 12/9 12/23 …"),
    (
        "FREQ=WEEKLY;UNTIL=19971007T000000Z;WKST=SU;BYDAY=TU,TH",
        TUESDAY,
        "1997: 9/2 9/4 9/9 9/11 9/16 9/18 9/23 9/25 9/30 10/2",
    ),
    (
        "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
        TUESDAY,
        "1997: 9/2 9/4 9/9 9/11 9/16 9/18 9/23 9/25 9/30 10/2",
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;UNTIL=19971224T000000Z;WKST=SU;BYDAY=MO,WE,FR",
        "1997-09-01",
        (
            "1997: 9/1 9/3 9/5 9/15 9/17 9/19 9/29 10/1 10/3 10/13 10/15 10/17 10/27 10/29 10/31 11/10 11/12 11/14 11/24 11/26 11/28 12/8"
            " 12/10 12/12 12/22"
        ),
    ),
    (
        "FREQ=WEEKLY;INTERVAL=2;COUNT=8;WKST=SU;BYDAY=TU,TH",
        TUESDAY,
        "1997: 9/2 9/4 9/16 9/18 9/30 10/2 10/14 10/16",
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
        "1997-09-05",
        "1997: 9/5 10/3 11/7 12/5 1998: 1/2 2/6 3/6 4/3 5/1 6/5",
    ),
    ("FREQ=MONTHLY;UNTIL=19971224T000000Z;BYDAY=1FR", "1997-09-05", "1997: 9/5 10/3 11/7 12/5"),
    (
        "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
        "1997-09-07",
        "1997: 9/7 9/28 11/2 11/30 1998: 1/4 1/25 3/1 3/29 5/3 5/31",
    ),
    ("FREQ=MONTHLY;COUNT=6;BYDAY=-2MO", "1997-09-22", "1997: 9/22 10/20 11/17 12/22 1998: 1/19 2/16"),
    ("FREQ=MONTHLY;BYMONTHDAY=-3", "1997-09-28", "1997: 9/28 10/29 11/28 12/29 1998: 1/29 2/26 …"),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=2,15",
        TUESDAY,
        "1997: 9/2 9/15 10/2 10/15 11/2 11/15 12/2 12/15 1998: 1/2 1/15",
    ),
    (
        "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
        "1997-09-30",
        "1997: 9/30 10/1 10/31 11/1 11/30 12/1 12/31 1998: 1/1 1/31 2/1",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=18;COUNT=10;BYMONTHDAY=10,11,12,13,14,15",
        "1997-09-10",
        "1997: 9/10 9/11 9/12 9/13 9/14 9/15 1999: 3/10 3/11 3/12 3/13",
    ),
    (
        "FREQ=MONTHLY;INTERVAL=2;BYDAY=TU",
        TUESDAY,
        "1997: 9/2 9/9 9/16 9/23 9/30 11/4 11/11 11/18 11/25 1998: 1/6 …",
    ),
    (
        "FREQ=YEARLY;COUNT=10;BYMONTH=6,7",
        "1997-06-10",
        "1997: 6/10 7/10 1998: 6/10 7/10 1999: 6/10 7/10 2000: 6/10 7/10 2001: 6/10 7/10",
    ),
    (
        "FREQ=YEARLY;INTERVAL=2;COUNT=10;BYMONTH=1,2,3",
        "1997-03-10",
        "1997: 3/10 1999: 1/10 2/10 3/10 2001: 1/10 2/10 3/10 2003: 1/10 2/10 3/10",
    ),
    (
        "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
        "1997-01-01",
        "1997: 1/1 4/10 7/19 2000: 1/1 4/9 7/18 2003: 1/1 4/10 7/19 2006: 1/1",
    ),
    ("FREQ=YEARLY;BYDAY=20MO", "1997-05-19", "1997: 5/19 1998: 5/18 1999: 5/17 …"),
    ("FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO", "1997-05-12", "1997: 5/12 1998: 5/11 1999: 5/17 …"),
    (
        "FREQ=YEARLY;BYMONTH=3;BYDAY=TH",
        "1997-03-13",
        "1997: 3/13 3/20 3/27 1998: 3/5 3/12 3/19 3/26 1999: 3/4 …",
    ),
    ("FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13", "1998-02-13", "1998: 2/13 3/13 11/13 1999: 8/13 2000: 10/13 …"),
    (
        "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
        "1997-09-13",
        "1997: 9/13 10/11 11/8 12/13 1998: 1/10 2/7 …",
    ),
    (
        "FREQ=YEARLY;INTERVAL=4;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8",
        "1996-11-05",
        "1996: 11/5 2000: 11/7 2004: 11/2 …",
    ),
    ("FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3", "1997-09-04", "1997: 9/4 10/7 11/6"),
    (
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
        "1997-09-29",
        "1997: 9/29 10/30 11/27 12/30 1998: 1/29 2/26 3/30 …",
    ),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=MO", "1997-08-05", "1997: 8/5 8/10 8/19 8/24"),
    ("FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST=SU", "1997-08-05", "1997: 8/5 8/17 8/19 8/31"),
    ("FREQ=MONTHLY;BYMONTHDAY=15,30;COUNT=5", "2007-01-15", "2007: 1/15 1/30 2/15 3/15 3/30"),
]


def listed(text: str) -> list[datetime]:
    """The RFC's way to list dates, `1997: 9/2 9/3 1998: 1/1`, as times at nine."""
    dates, year = [], 0
    for word in text.replace("…", "").split():
        if word.endswith(":"):
            year = int(word[:-1])
        else:
            month, day = map(int, word.split("/"))
            dates.append(datetime(year, month, day, 9))
    return dates


def from_new_york(rule: str, start: str) -> Series:
    year, month, day = map(int, start.split("-"))
    return Series(start=local(year, month, day, 9), zone=NEW_YORK, duration_minutes=60, rrule=rule)


@pytest.mark.parametrize(("rule", "start", "dates"), EXAMPLES)
def test_as_the_rfc_lists_it(rule: str, start: str, dates: str) -> None:
    expected = listed(dates)
    found = expand(from_new_york(rule, start), within=Span(at(1996), at(2020)), limit=10_000)
    ids: list[datetime] = list(found.recurrence_ids())
    assert ids[: len(expected)] == expected
    assert (len(ids) > len(expected)) == ("…" in dates)


def test_daily_until_christmas_crosses_the_change_of_clocks() -> None:
    found = expand(
        from_new_york("FREQ=DAILY;UNTIL=19971224T000000Z", TUESDAY),
        within=Span(at(1997), at(1998)),
        limit=999,
    )
    assert len(found) == 113
    utc = [datetime_of(each.span.start) for each in found]
    assert (utc[0], utc[-1]) == (datetime(1997, 9, 2, 13, tzinfo=UTC), datetime(1997, 12, 23, 14, tzinfo=UTC))


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
        "FREQ=DAILY;UNTIL=20000131T140000Z;BYMONTH=1",
    ],
)
def test_every_day_in_january_for_three_years_said_in_two_ways(rule: str) -> None:
    found = expand(from_new_york(rule, "1998-01-01"), within=Span(at(1997), at(2005)), limit=999)
    assert [(each.year, each.month, each.day) for each in found.recurrence_ids()] == [
        (year, 1, day) for year in (1998, 1999, 2000) for day in range(1, 32)
    ]


def test_every_twenty_minutes_through_the_working_day() -> None:
    """The RFC's way with FREQ=DAILY; its other way is FREQ=MINUTELY, which is no meeting's."""
    rule = "FREQ=DAILY;BYHOUR=9,10,11,12,13,14,15,16;BYMINUTE=0,20,40"
    found = expand(from_new_york(rule, TUESDAY), within=Span(at(1997, 9, 2), at(1997, 9, 3)), limit=999)
    assert [f"{each:%H:%M}" for each in found.recurrence_ids()] == [
        f"{hour:02}:{minute:02}" for hour in range(9, 17) for minute in (0, 20, 40)
    ]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z",
        "FREQ=MINUTELY;INTERVAL=15;COUNT=6",
        "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
    ],
)
def test_sub_daily_examples_are_read_and_refused_for_meetings(rule: str) -> None:
    assert parse_rule(rule).to_text() == rule
    with pytest.raises(RuleError) as caught:
        expand(from_new_york(rule, TUESDAY), within=Span(at(1997), at(1998)), limit=9)
    assert caught.value.code is RuleProblem.SUB_DAILY
