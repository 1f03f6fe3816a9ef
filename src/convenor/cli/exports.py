"""`convenor export calendar`: a person's, a room's or a department's meetings as an iCalendar file."""

from __future__ import annotations

import sys
from datetime import date, datetime, timedelta
from pathlib import Path

import click
from django.conf import settings

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.cli.options import ZONE
from convenor.cli.persons import as_option
from convenor.interop.calendars.exporting import export_calendar
from convenor.kernel.instants import Instant, LocalTime, Span, ZoneName, to_instant, zone_info
from convenor.people.models import Department
from convenor.people.queries.emails import people_by_email_for
from convenor.people.queries.people import departments_for
from convenor.venues.models import Room
from convenor.venues.queries.rooms import room_by_code_for

DAY = click.DateTime(formats=["%Y-%m-%d"])
AHEAD = timedelta(days=92)


@click.group("export")
def command() -> None:
    """Exports calendars as iCalendar files."""


@command.command("calendar")
@click.option("--person", default=None, help="Of the person with this e-mail.")
@click.option("--room", default=None, help="Of the room with this code.")
@click.option("--department", default=None, help="Of the department with this code, and those below it.")
@click.option("--from", "first", type=DAY, default=None, help="The first day. [default: today]")
@click.option(
    "--to", "last", type=DAY, default=None, help="The last day, included. [default: three months on]"
)
@click.option(
    "--zone",
    type=ZONE,
    default=lambda: settings.TIME_ZONE,
    show_default="CONVENOR_TIME_ZONE",
    help="The time zone of days.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(dir_okay=False, writable=True, path_type=Path),
    default=None,
    help="The file to write. [default: standard output]",
)
@as_option
def calendar(
    *,
    actor: Actor,
    person: str | None,
    room: str | None,
    department: str | None,
    first: datetime | None,
    last: datetime | None,
    zone: ZoneName,
    output: Path | None,
) -> None:
    """Exports the calendar of a person, a room or a department.

    A series goes out as its rule. What --as may not know of private meetings says "Busy".
    """
    now = clock.now()
    about = _about(actor, person=person, room=room, department=department)
    data = export_calendar(actor=actor, span=_span(first, last, zone, now), now=now, **about)
    if output is None:
        sys.stdout.buffer.write(data)
    else:
        output.write_bytes(data)


def _about(actor: Actor, *, person: str | None, room: str | None, department: str | None) -> dict[str, int]:
    given = [each for each in (person, room, department) if each is not None]
    if len(given) != 1:
        raise click.UsageError("Give one of --person, --room and --department.")
    if person is not None:
        return {"person_id": next(iter(people_by_email_for(actor, [person]).values())).pk}
    if room is not None:
        return {"room_id": _room(actor, room)}
    return {"department_id": _department(actor, given[0])}


def _room(actor: Actor, code: str) -> int:
    try:
        return room_by_code_for(actor, code).pk
    except Room.DoesNotExist:
        raise click.BadParameter(f"There is no room with the code {code!r}.", param_hint="--room") from None


def _department(actor: Actor, code: str) -> int:
    try:
        return departments_for(actor).get(code=code).pk
    except Department.DoesNotExist:
        sentence = f"There is no department with the code {code!r}."
        raise click.BadParameter(sentence, param_hint="--department") from None


def _span(first: datetime | None, last: datetime | None, zone: ZoneName, now: datetime) -> Span:
    begins = first.date() if first else now.astimezone(zone_info(zone)).date()
    ends = last.date() if last else begins + AHEAD
    if ends < begins:
        raise click.BadParameter(f"{ends} is before {begins}.", param_hint="--to")
    return Span(_midnight(begins, zone), _midnight(ends + timedelta(days=1), zone))


def _midnight(day: date, zone: ZoneName) -> Instant:
    return to_instant(LocalTime(datetime(day.year, day.month, day.day)), zone)  # noqa: DTZ001 - local, as its type says
