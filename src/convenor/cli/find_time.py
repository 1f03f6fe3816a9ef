"""`convenor find-time`: when these people, and a room if one is needed, can meet; or why they can't and what would help."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

import click
from django.core.exceptions import ValidationError
from rich.console import Console
from rich.table import Table

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.cli.options import COMMAS, HOUR, QUANTITIES, WITHIN, ZONE, Local, span_in
from convenor.cli.output import json_option, say, say_json
from convenor.cli.persons import as_option
from convenor.kernel.find_times.question import BadQuestion
from convenor.kernel.instants import Span, ZoneName, instant_of
from convenor.people.models import Person
from convenor.people.queries.emails import people_by_email_for
from convenor.scheduling.queries.find_time import FoundTimes, find_time_for
from convenor.scheduling.requests import FindTimeRequest, GroupWanted, RoomWanted
from convenor.scheduling.rules.request import check_request
from convenor.scheduling.sentences import reasons_of, when
from convenor.scheduling.sentences.blockers import blocker_sentence
from convenor.scheduling.sentences.changes import change_sentence
from convenor.scheduling.sentences.found import found_as_json
from convenor.scheduling.sentences.words import names
from convenor.venues.enums import SetupStyle
from convenor.venues.models import Site
from convenor.venues.queries.rooms import equipment_for, rooms_for
from convenor.venues.queries.sites import site_by_code_for, sites_for

AHEAD = timedelta(days=14)


class AnyOf(click.ParamType[tuple[int, tuple[str, ...]]]):
    """`2:a@x,b@y,c@z`: at least two of these."""

    name = "k:list"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, tuple[str, ...]]:
        number, colon, emails = str(value).partition(":")
        if not colon or not number.strip().isdecimal():
            self.fail(f"{value!r} is not a number and a list, such as 2:ana@x.org,bob@x.org.", param, ctx)
        return int(number), COMMAS.convert(emails, param, ctx)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The options as they were given."""

    attendees: tuple[str, ...]
    optional: tuple[str, ...]
    any_of: Sequence[tuple[int, tuple[str, ...]]]
    minutes: int
    within: Local | None
    headcount: int | None
    equipment: Mapping[str, int]
    style: str | None
    site: tuple[str, ...]
    accessible: bool
    no_room: bool
    earliest: time | None
    latest: time | None
    weeks: int
    buffer: int
    out_of_hours: bool
    zone: ZoneName | None
    limit: int

    @property
    def says_room(self) -> bool:
        return bool(self.headcount or self.equipment or self.style or self.site or self.accessible)


@click.command("find-time")
@click.option("--attendees", type=COMMAS, default=(), help="Who must come: e-mails, separated by commas.")
@click.option("--optional", type=COMMAS, default=(), help="Who may come: e-mails, separated by commas.")
@click.option(
    "--any-of", type=AnyOf(), multiple=True, help="At least so many of these, as 2:a@x,b@y,c@z; repeatable."
)
@click.option("--minutes", type=int, default=60, show_default=True, help="How long the meeting lasts.")
@click.option(
    "--within", type=WITHIN, default=None, help="From day to day, the last one included. [default: two weeks]"
)
@click.option(
    "--headcount", type=int, default=None, help="How many the room must seat. [default: the attendees]"
)
@click.option("--equipment", type=QUANTITIES, default={}, help="What the room must have: projector,screen:2.")
@click.option(
    "--style", type=click.Choice(SetupStyle.values), default=None, help="How the room must be set up."
)
@click.option("--site", type=COMMAS, default=(), help="Codes of the sites where the room may be.")
@click.option("--accessible", is_flag=True, help="The room must be reached without steps.")
@click.option("--no-room", is_flag=True, help="Meet without a room.")
@click.option("--earliest", type=HOUR, default=None, help="Not before this hour, in everybody's zone.")
@click.option("--latest", type=HOUR, default=None, help="Over by this hour, in everybody's zone.")
@click.option("--weeks", type=int, default=1, show_default=True, help="Weekly, for so many weeks.")
@click.option(
    "--buffer", type=int, default=0, show_default=True, help="Minutes that all have free before and after."
)
@click.option("--out-of-hours", is_flag=True, help="Allow times outside working hours.")
@click.option(
    "--zone",
    type=ZONE,
    default=None,
    help="The time zone of days and of the answer. [default: the first attendee's]",
)
@click.option("--limit", type=int, default=10, show_default=True, help="At most so many slots.")
@as_option
@json_option
def command(*, actor: Actor, as_json: bool, **options: object) -> None:
    """Finds when people can meet, or says why they can't.

    The best times come first, each with its reasons; or the single changes that would help, the cheapest first. A room for all
    attendees is looked for unless --no-room is given, or there are no rooms at all.
    """
    asked, now = Asked(**options), clock.now()  # type: ignore[arg-type]  # click made each option's type
    request = _request(actor, asked, now)
    check_request(request, now=now)
    try:
        found = find_time_for(actor, request, now=now)
    except BadQuestion as error:
        raise ValidationError(str(error)) from error
    if as_json:
        say_json(found_as_json(found))
    else:
        _show(found)


def _request(actor: Actor, asked: Asked, now: datetime) -> FindTimeRequest:
    grouped = [email for _least, emails in asked.any_of for email in emails]
    people = people_by_email_for(actor, [*asked.attendees, *asked.optional, *grouped])
    first = next(iter(people.values()), None)
    zone = asked.zone or ZoneName(first.zone if first else "UTC")
    required = _ids(people, asked.attendees)
    request = FindTimeRequest(
        required_ids=required,
        optional_ids=tuple(pk for pk in _ids(people, asked.optional) if pk not in required),
        groups=tuple(_group(people, *group) for group in asked.any_of),
        minutes=asked.minutes,
        windows=(_window(asked.within, zone, now),),
        zone=zone,
        buffer_minutes_before=asked.buffer,
        buffer_minutes_after=asked.buffer,
        earliest=asked.earliest,
        latest=asked.latest,
        out_of_hours_allowed=asked.out_of_hours,
        weeks=asked.weeks,
        limit=asked.limit,
    )
    return replace(request, room=_room(actor, asked, len(request.person_ids)))


def _ids(people: Mapping[str, Person], emails: Iterable[str]) -> tuple[int, ...]:
    return tuple(dict.fromkeys(people[email].pk for email in emails))


def _group(people: Mapping[str, Person], least: int, emails: tuple[str, ...]) -> GroupWanted:
    return GroupWanted(_ids(people, emails), least, names([people[email].name for email in emails]))


def _window(within: Local | None, zone: ZoneName, now: datetime) -> Span:
    if within is not None:
        return span_in(within, zone)
    return Span(instant_of(now), instant_of(now + AHEAD))


def _room(actor: Actor, asked: Asked, people: int) -> RoomWanted | None:
    if asked.no_room or not (asked.says_room or rooms_for(actor).exists()):
        return None
    known = set(equipment_for(actor).values_list("code", flat=True))
    for code in asked.equipment:
        if code not in known:
            codes = {"known": ", ".join(sorted(known)) or "none"}
            raise click.BadParameter(f"There is no equipment {code!r}; known are: {codes['known']}.")
    return RoomWanted(
        headcount=people if asked.headcount is None else asked.headcount,
        style=asked.style or "",
        equipment=asked.equipment,
        site_ids=frozenset(_site(actor, code) for code in asked.site) if asked.site else None,
        accessible=asked.accessible,
    )


def _site(actor: Actor, code: str) -> int:
    try:
        return site_by_code_for(actor, code).pk
    except Site.DoesNotExist:
        known = ", ".join(sorted(site.code for site in sites_for(actor))) or "none"
        raise click.BadParameter(f"There is no site {code!r}; known are: {known}.") from None


def _show(found: FoundTimes) -> None:
    """Slots as a table; or the blockers and the changes."""
    if found.answer.why_not is None:
        table = Table("when", "room", "why", title=_title(found), title_justify="left")
        for slot in found.answer.slots:
            reasons = "\n".join(said.sentence for said in reasons_of(found, slot))
            table.add_row(when(slot.span, found.request.zone), ", ".join(slot.rooms) or "–", reasons)
        Console().print(table)
        return
    say("Nothing fits.")
    for blocker in found.answer.why_not.blockers:
        say(f"  {blocker_sentence(found, blocker)}")
    if found.answer.why_not.changes:
        say("What would help, cheapest first:")
    for change in found.answer.why_not.changes:
        say(f"  {change_sentence(found, change)}")


def _title(found: FoundTimes) -> str:
    shown, all_of_them = len(found.answer.slots), found.answer.found
    return f"The best {shown} of {all_of_them} slots, in {found.request.zone}"
