"""Option values are read as written, or refused with what was expected."""

from datetime import datetime, time
from typing import Any

import click
import pytest

from convenor.cli.options import COMMAS, HOUR, QUANTITIES, WITHIN, ZONE, span_in
from convenor.kernel.instants import LocalTime, ZoneName


def local(text: str) -> LocalTime:
    return LocalTime(datetime.fromisoformat(text))


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        (COMMAS, "a@x.org, b@x.org,a@x.org", ("a@x.org", "b@x.org")),
        (QUANTITIES, "projector,chair:4", {"projector": 1, "chair": 4}),
        (HOUR, "09:30", time(9, 30)),
        (ZONE, "Europe/Lisbon", "Europe/Lisbon"),
        (WITHIN, "2026-12-07/2026-12-11", (local("2026-12-07T00:00"), local("2026-12-12T00:00"))),
        (WITHIN, "2026-12-07", (local("2026-12-07T00:00"), local("2026-12-08T00:00"))),
        (WITHIN, "2026-12-07T09:00/2026-12-07T17:30", (local("2026-12-07T09:00"), local("2026-12-07T17:30"))),
    ],
)
def test_a_value_is_read_as_written_and_reading_it_again_changes_nothing(
    kind: click.ParamType[Any], text: str, value: Any
) -> None:
    assert kind.convert(text, None, None) == value
    assert kind.convert(value, None, None) == value


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        (COMMAS, "a@x.org,,b@x.org", "'a@x.org,,b@x.org' has an empty place between its commas."),
        (
            QUANTITIES,
            "chair:many",
            "'chair:many' is neither a code nor a code with a number, such as chair:4.",
        ),
        (QUANTITIES, "chair:0", "'chair:0' is neither a code nor a code with a number, such as chair:4."),
        (
            QUANTITIES,
            "chair:99999",
            "'chair:99999' is neither a code nor a code with a number, such as chair:4.",
        ),
        (HOUR, "25:00", "'25:00' is not an hour such as 09:30."),
        (WITHIN, "tomorrow", "'tomorrow' is not two days such as 2026-12-07/2026-12-11."),
        (WITHIN, "2026-12-07/", "'2026-12-07/' is not two days such as 2026-12-07/2026-12-11."),
        (WITHIN, "2026-02-30", "'2026-02-30' is not two days such as 2026-12-07/2026-12-11."),
        (WITHIN, "9999-12-31", "'9999-12-31' is not two days such as 2026-12-07/2026-12-11."),
        (WITHIN, "2026-12-11/2026-12-07", "'2026-12-11/2026-12-07' ends before it begins."),
        (WITHIN, "2026-01-01/2027-12-31", "'2026-01-01/2027-12-31' is longer than a year."),
        (
            WITHIN,
            "2026-12-07T09:00Z/2026-12-07T10:00Z",
            "'2026-12-07T09:00Z/2026-12-07T10:00Z' is not two days such as 2026-12-07/2026-12-11.",
        ),
    ],
)
def test_a_bad_value_is_refused_with_what_was_expected(
    kind: click.ParamType[Any], text: str, said: str
) -> None:
    with pytest.raises(click.BadParameter) as refused:
        kind.convert(text, None, None)
    assert refused.value.message == said


def test_an_unknown_zone_names_its_neighbours() -> None:
    with pytest.raises(
        click.BadParameter, match=r"'Europe/Lisbonn' is not a time zone\. Did you mean Europe/Lisbon"
    ):
        ZONE.convert("Europe/Lisbonn", None, None)


def test_days_are_those_of_the_zone() -> None:
    span = span_in((local("2026-03-29T00:00"), local("2026-03-30T00:00")), ZoneName("Europe/Bucharest"))
    assert span.minutes == 23 * 60  # the clocks go forward that night
