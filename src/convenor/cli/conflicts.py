"""`convenor conflicts`: what is wrong with the schedule, and what could be done about it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any

import click
from django.conf import settings
from django.utils import timezone
from rich.console import Console
from rich.progress import track
from rich.table import Table

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.cli.options import ZONE
from convenor.cli.output import json_option, say, say_json
from convenor.cli.persons import as_option
from convenor.kernel.instants import LocalTime, Span, ZoneName, instant_of, to_instant, zone_info
from convenor.people.models import Person
from convenor.people.queries.people import person_by_email_for
from convenor.scheduling.actions.conflicts import refresh
from convenor.scheduling.enums import ConflictKind
from convenor.scheduling.queries.conflicts import ConflictRow, WayOut, conflicts_for, ways_out_for
from convenor.scheduling.sentences.words import utc_text
from convenor.venues.models import Room
from convenor.venues.queries.rooms import room_by_code_for

DAY = click.DateTime(formats=["%Y-%m-%d"])
AHEAD = timedelta(days=92)


@click.command("conflicts")
@click.option("--from", "first", type=DAY, default=None, help="The first day. [default: today]")
@click.option(
    "--to", "last", type=DAY, default=None, help="The last day, included. [default: three months on]"
)
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(ConflictKind.values),
    multiple=True,
    help="Only this kind; repeatable.",
)
@click.option("--person", default=None, help="Only what is wrong for the person with this e-mail.")
@click.option("--room", default=None, help="Only what is wrong with the room with this code.")
@click.option("--no-ways-out", is_flag=True, help="Don't look for ways out, which takes longest.")
@click.option(
    "--zone",
    type=ZONE,
    default=lambda: settings.TIME_ZONE,
    show_default="CONVENOR_TIME_ZONE",
    help="The time zone of days and sentences.",
)
@as_option
@json_option
def command(
    *,
    actor: Actor,
    first: datetime | None,
    last: datetime | None,
    kinds: tuple[str, ...],
    person: str | None,
    room: str | None,
    no_ways_out: bool,
    zone: ZoneName,
    as_json: bool,
) -> None:
    """Lists what is wrong with the schedule from now on, and the ways out.

    Everything that has changed is looked at again first, so the answer holds at this moment.
    """
    now = clock.now()
    span = _span(first, last, zone, now)
    person_id = _person(actor, person) if person else None
    room_id = _room(actor, room) if room else None
    with timezone.override(zone_info(zone)):
        refresh(now)
        rows = conflicts_for(actor, span=span, kinds=kinds, person=person_id, room=room_id, now=now)
        told = [
            (row, [] if no_ways_out else ways_out_for(actor, row.id, now=now))
            for row in _slowly(rows, no_ways_out)
        ]
    if as_json:
        say_json([_as_json(row, ways) for row, ways in told])
    else:
        _show(told, zone)


def _span(first: datetime | None, last: datetime | None, zone: ZoneName, now: datetime) -> Span:
    today = now.astimezone(zone_info(zone)).date()
    begins = first.date() if first else today
    ends = last.date() if last else begins + AHEAD
    if ends < begins:
        raise click.BadParameter(f"{ends} is before {begins}.", param_hint="--to")
    return Span(_midnight(begins, zone), _midnight(ends + timedelta(days=1), zone))


def _midnight(day: date, zone: ZoneName) -> Any:
    return to_instant(LocalTime(datetime(day.year, day.month, day.day)), zone)  # noqa: DTZ001 - local, as its type says


def _person(actor: Actor, email: str) -> int:
    try:
        return person_by_email_for(actor, email).pk
    except Person.DoesNotExist:
        raise click.BadParameter(
            f"There is nobody with the e-mail {email!r}.", param_hint="--person"
        ) from None


def _room(actor: Actor, code: str) -> int:
    try:
        return room_by_code_for(actor, code).pk
    except Room.DoesNotExist:
        raise click.BadParameter(f"There is no room with the code {code!r}.", param_hint="--room") from None


def _slowly(rows: list[ConflictRow], quick: bool) -> Iterable[ConflictRow]:
    """With a bar on the terminal (standard error) while ways out are looked for."""
    console = Console(stderr=True)
    if quick or len(rows) < 5 or not console.is_terminal:
        return rows
    return track(rows, description="Looking for ways out", console=console, transient=True)


def _as_json(row: ConflictRow, ways: list[WayOut]) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "severity": row.severity.name.lower(),
        "starts_at": utc_text(instant_of(row.starts_at)),
        "ends_at": utc_text(instant_of(row.ends_at)),
        "person": row.person_email or None,
        "room": row.room_code or None,
        "meetings": [each.uid for each in row.meetings if each.uid],
        "sentence": row.sentence,
        "ways_out": [{"key": way.key, "label": way.label, "effect": way.effect} for way in ways],
    }


def _show(told: list[tuple[ConflictRow, list[WayOut]]], zone: ZoneName) -> None:
    if not told:
        say("Nothing is wrong.")
        return
    table = Table(
        "how bad", "what", "ways out", title=f"Conflicts: {len(told)}, times in {zone}", title_justify="left"
    )
    for row, ways in told:
        table.add_row(row.severity_label, row.sentence, "\n".join(way.label for way in ways))
    Console().print(table)
