"""[[function]]: the parts of the programme, each with its rooms, people, run of show and what serves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convenor.events.actions.function import add_functions, remove_function
from convenor.events.enums import PartyRole
from convenor.events.models import Event, Function
from convenor.events.plan.changes import Applying, SectionChanges
from convenor.events.plan.function_keys import FIELDS, FUNCTION_KEYS, SITE_MARK
from convenor.events.plan.function_values import attendee_values, function_draft, function_values, ids_in
from convenor.events.plan.keys import Values, suggest
from convenor.events.plan.laying import Plan, Row, Wanted
from convenor.events.plan.names import Names
from convenor.events.plan.people import at, party_drafts
from convenor.events.plan.presence import check_presence
from convenor.events.plan.rearranging import change_functions
from convenor.events.plan.rooms import check_places
from convenor.events.queries.function_problems import findings_of
from convenor.events.queries.functions import function_drafts_of
from convenor.events.registry import PlanSection
from convenor.events.rules.attendance import Parties, attendees_of, named_of, roles_of
from convenor.scheduling.rules.findings import Findings


def _settle(plan: Plan, row: Row) -> Values:
    """An hour becomes a time; lists that have no order of their own get one."""
    said = dict(row.said)
    said["start"] = _start(plan, row)
    if "rooms" in said:
        said["rooms"] = [*said["rooms"][:1], *sorted(said["rooms"][1:])]
    if "attendees" in said:
        said["attendees"] = sorted(said["attendees"], key=lambda each: str(each["person"]))
    if "run_of_show" in said:
        said["run_of_show"] = sorted(said["run_of_show"], key=lambda each: int(each.get("at", 0)))
    return {key: value for key, value in said.items() if value is not None}


def _start(plan: Plan, row: Row) -> datetime | None:
    """The local time; None where none is said, or none can be reckoned."""
    said, first = row.said, plan.dates.first
    start, later = said.get("start"), said.get("after_start")
    if start is not None and later is not None:
        plan.wrong((*row.path, "after_start"), _("Say either “start” or “after_start”."))
    if "day" in said and not isinstance(start, str):
        plan.wrong((*row.path, "day"), _("A day goes with an hour, not with a date."))
    if isinstance(start, datetime):
        return start
    if start is None and later is None:
        return None
    if first is None and "find" in plan.document.event.said:
        return None  # what is wrong with the window is told there
    if first is None:
        key = "start" if later is None else "after_start"
        plan.wrong((*row.path, key), _("This counts from the event's start, which the file doesn't say."))
        return None
    if later is not None:
        return first + timedelta(minutes=later)
    return datetime.combine(first.date() + timedelta(days=said.get("day", 0)), time.fromisoformat(str(start)))


def _check(plan: Plan) -> None:
    rows = [row for row in plan.rows["function"] if row.path is not None]
    _check_starts(plan, rows)
    sound = [row for row in rows if _is_whole(row) and _names_are_known(plan, row)]
    drafts = [function_draft(row.values, plan.names) for row in sound]
    others = {row.values["key"] for row in plan.rows["function"] if row.path is None}
    found = findings_of(drafts, plan.dates, taken=others, parties=parties_of(plan))
    for row, findings in zip(sound, found, strict=True):
        if row.is_changed:
            _put_down(plan, row, findings)
    placed = [row for row in plan.rows["function"] if row.path is None or row in sound]
    check_places(plan, placed)
    check_presence(plan, placed)


def _check_starts(plan: Plan, rows: Iterable[Wanted]) -> None:
    for row in rows:
        if row.values["start"] is None and row.path and not {"start", "after_start"} & row.said.keys():
            plan.wrong((*row.path, "start"), _("“%(key)s” is missing.") % {"key": "start"})


def _put_down(plan: Plan, row: Wanted, findings: Findings) -> None:
    for field, errors in findings.refused.items():
        for error in errors:
            if error.code != "unknown":  # people whom the file introduces aren't in the database yet
                plan.wrong(at(row, FIELDS.get(field, field)), error.messages[0])
    for notice in findings.notices:
        plan.warn(at(row, FIELDS.get(notice.field, notice.field)), notice.sentence)


def _is_whole(row: Wanted) -> bool:
    return row.values["start"] is not None and all(
        row.values[key.name] is not None for key in FUNCTION_KEYS if key.needed
    )


def _names_are_known(plan: Plan, row: Wanted) -> bool:
    values, good = row.values, True
    for path, email in _people_in(row):
        good = plan.knows_person(path, email) and good
    for code in values["rooms"]:
        good = (
            _is_known(plan, at(row, "rooms"), code, plan.names.rooms.keys, _("There is no room “%(name)s”."))
            and good
        )
    for code in values["equipment"]:
        kind, _mark, site = code.partition(SITE_MARK)
        known, sites = plan.names.equipment.keys, plan.names.sites.keys
        good = (
            _is_known(plan, at(row, "equipment"), kind, known, _("There is no equipment “%(name)s”."))
            and good
        )
        good = (
            not site or _is_known(plan, at(row, "equipment"), site, sites, _("There is no site “%(name)s”."))
        ) and good
    return good


def _people_in(row: Wanted) -> Iterable[tuple[tuple[str | int, ...], str]]:
    """E-mails that the file says anew, each with where."""
    values, before, path = row.values, row.before or {}, row.path or ("event",)
    if values["host"] and values["host"] != before.get("host"):
        yield (*path, "host"), values["host"]
    for key, name in (("speakers", "person"), ("attendees", "person"), ("run_of_show", "owner")):
        there = {each[name] for each in before.get(key, ())}
        said = [each.get(name) for each in row.said.get(key, ())]
        for place, email in enumerate(said):
            if email and email not in there:
                yield (*path, key, place, name), email


def _is_known(
    plan: Plan, path: tuple[str | int, ...], code: str, known: Mapping[str, int], sentence: str
) -> bool:
    if code not in known:
        plan.wrong(path, sentence % {"name": code[:80]}, suggest(code, list(known)))
    return code in known


def parties_of(plan: Plan) -> Parties:
    """Who is on the event's list by the plan."""
    return {each.person_id: PartyRole(each.role) for each in party_drafts(plan.rows["people"], plan.names)}


def _current(event: Event, names: Names) -> list[Values]:
    drafts = function_drafts_of(event)
    names.know_people(pk for draft in drafts for pk in ids_in(draft))
    return [function_values(draft, names) for draft in drafts]


def _finish(plan: Plan) -> None:
    """Attendees who come anyway — host, speakers, the event's people — needn't be named, and count as not named."""
    parties = parties_of(plan)
    for row in plan.rows["function"]:
        if row.path is None or not _is_whole(row) or not row.values["attendees"]:
            continue
        people = [plan.names.people.get(each["person"]) for each in row.values["attendees"]]
        if None in people or not set(row.values["rooms"]) <= plan.names.rooms.keys.keys():
            continue
        draft = function_draft(row.values | {"equipment": {}}, plan.names)
        named = named_of(roles_of(attendees_of(draft, parties)), draft, parties)
        row.values["attendees"] = attendee_values(named, plan.names)


def _apply(applying: Applying, changes: SectionChanges) -> None:
    keys = dict(Function.objects.filter(event=applying.event).values_list("key", "pk"))
    for gone in changes.removed:
        remove_function(actor=applying.actor, function_id=keys[gone["key"]], now=applying.now)
    change_functions(
        applying,
        [(keys[row.values["key"]], function_draft(row.values, applying.names)) for row in changes.changed],
    )
    drafts = [function_draft(row.values, applying.names) for row in changes.added]
    if drafts:
        add_functions(actor=applying.actor, event_id=applying.event.pk, drafts=drafts, now=applying.now)


FUNCTIONS = PlanSection(
    name="function",
    title=gettext_lazy("Functions"),
    keys=FUNCTION_KEYS,
    named_by=("key",),
    check=_check,
    current=_current,
    apply=_apply,
    settle=_settle,
    finish=_finish,
)
