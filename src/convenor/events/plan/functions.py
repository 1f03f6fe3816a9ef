"""[[function]]: the parts of the programme, each with its rooms, people, run of show and what serves it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convenor.events.actions.function import add_functions, remove_function
from convenor.events.drafts import AttendeeDraft, CueDraft, EquipmentDraft, FunctionDraft, SpeakerDraft
from convenor.events.enums import FunctionKind, PartyRole, Service, SpeakerState
from convenor.events.models import Event, Function
from convenor.events.plan import keys as read
from convenor.events.plan.changes import Applying, SectionChanges
from convenor.events.plan.keys import Key, Listed, Values, member_of, suggest
from convenor.events.plan.laying import Plan, Row, Wanted
from convenor.events.plan.names import Names
from convenor.events.plan.people import INTRODUCTION, at, introduced, party_drafts
from convenor.events.plan.rearranging import change_functions
from convenor.events.plan.rooms import check_places
from convenor.events.queries.function_problems import findings_of
from convenor.events.queries.functions import function_drafts_of
from convenor.events.registry import PlanSection
from convenor.events.rules.attendance import Parties, attendees_of, named_of, roles_of
from convenor.events.rules.function import (
    LONGEST_KEY,
    LONGEST_LINE,
    LONGEST_MINUTES,
    LONGEST_TOPIC,
    LONGEST_TRACK,
    MOST_HEADCOUNT,
)
from convenor.kernel.instants import LocalTime
from convenor.scheduling.enums import AttendeeRole
from convenor.scheduling.rules.texts import LONGEST_TITLE
from convenor.venues.enums import SetupStyle

FURTHEST_DAY = 366
SITE_MARK = "@"
TEXTS = ("abstract", "catering", "av", "security", "facility", "staffing", "notes")
SPEAKER_KEYS = (
    Key("person", read.email, "Their e-mail.", needed=True),
    *INTRODUCTION,
    Key("topic", read.text(LONGEST_TOPIC), "What they speak about.", default=""),
    Key("state", read.choice(SpeakerState), "`asked`, `confirmed` or `declined`.", default="asked"),
)
ATTENDEE_KEYS = (
    Key("person", read.email, "Their e-mail; an item that is only a text is this.", needed=True),
    Key(
        "role",
        read.choice(AttendeeRole),
        "`chair`, `required`, `optional` or `resource`.",
        default="required",
    ),
)
CUE_KEYS = (
    Key(
        "at",
        read.whole(-1_440, LONGEST_MINUTES + 1_440),
        "Minutes after the function's start; before it where negative.",
        needed=True,
    ),
    Key("what", read.text(LONGEST_LINE), "What happens.", needed=True),
    Key("minutes", read.whole(0, LONGEST_MINUTES), "How long it takes.", default=1),
    Key("cue", read.text(LONGEST_LINE), "The cue that it starts on.", default=""),
    Key("owner", read.email, "The e-mail of who sees to it.", default=""),
    Key("service", read.optional_choice(Service), "Or the service that does: `av`, `catering` …", default=""),
)


def start(table: Any, name: str) -> datetime | str | None:
    """A local time, or an hour on the day that `day` says."""
    value = table.values.get(name)
    is_hour = isinstance(value, time) or (isinstance(value, str) and len(value.strip()) <= 8)
    return read.clock(table, name) if is_hour else read.moment(table, name)


FUNCTION_KEYS = (
    Key("key", read.slug(LONGEST_KEY), "Names it within the event.", needed=True),
    Key("title", read.text(LONGEST_TITLE), "", needed=True),
    Key("kind", read.choice(FunctionKind), "`plenary`, `session`, `breakout`, `coffee`, `setup` …", needed=True),
    Key("start", start, 'A local date with a time, or an hour like "09:30".', needed=True),
    Key("day", read.whole(-FURTHEST_DAY, FURTHEST_DAY), "With an hour: 0 is the day on which the event starts, -1 the one before.", aside=True),
    Key("minutes", read.whole(1, LONGEST_MINUTES), "How long it lasts.", default=60, shown=True),
    Key("track", read.text(LONGEST_TRACK), "", default=""),
    Key("host", read.email, "The e-mail of who leads it.", default=""),
    Key("rooms", read.words(ordered=True), "Codes of its rooms, the main one first.", default=[]),
    Key("setup_style", read.optional_choice(SetupStyle), "`theatre`, `classroom`, `boardroom` …", default=""),
    Key("headcount", read.whole(1, MOST_HEADCOUNT), "How many the main room must seat; without it, those who are asked."),
    Key("equipment", read.quantities, 'Movable pieces: `{ projector = 1 }`; of another site\'s, `{ "projector@CLJ" = 1 }`.', default={}),
    Key("for_all", read.flag, "`true`: everybody in the event is asked to it.", default=False),
    Key("public", read.flag, "`true`: it is in the public programme.", default=False),
    Key("speakers", Listed(SPEAKER_KEYS, "person", "person"), "In the order in which they speak.", default=[]),
    Key("attendees", Listed(ATTENDEE_KEYS, "person", "person"), "Who is asked besides host, speakers and, if it is for all, the event's people.", default=[]),
    Key("run_of_show", Listed(CUE_KEYS), "Minute by minute.", default=[]),
    *(Key(name, read.long_text(), f"For {name}." if name not in {"abstract", "notes"} else "", default="") for name in TEXTS),
    Key("sheet", read.flag, "`false`: it needs no function sheet.", default=True),
)  # fmt: skip
FIELDS = {
    "local_start": "start",
    "duration_minutes": "minutes",
    "host_id": "host",
    "room_ids": "rooms",
    "is_for_all": "for_all",
    "is_public": "public",
    "cues": "run_of_show",
    **dict.fromkeys(("what", "cue", "offset_minutes", "service"), "run_of_show"),
}


def _settle(plan: Plan, row: Row) -> Values:
    """An hour becomes a time; lists that have no order of their own get one."""
    said = dict(row.said)
    if isinstance(said.get("start"), str):
        said["start"] = _on_day(plan, row, said)
    elif "day" in said:
        plan.wrong((*row.path, "day"), _("A day goes with an hour, not with a date."))
    if "rooms" in said:
        said["rooms"] = [*said["rooms"][:1], *sorted(said["rooms"][1:])]
    if "attendees" in said:
        said["attendees"] = sorted(said["attendees"], key=lambda each: str(each["person"]))
    if "run_of_show" in said:
        said["run_of_show"] = sorted(said["run_of_show"], key=lambda each: int(each.get("at", 0)))
    return {key: value for key, value in said.items() if value is not None}


def _on_day(plan: Plan, row: Row, said: Values) -> datetime | None:
    if plan.dates.first is None:
        plan.wrong((*row.path, "start"), _("An hour needs the event's start to count its days from."))
        return None
    day = plan.dates.first.date() + timedelta(days=said.get("day", 0))
    return datetime.combine(day, time.fromisoformat(said["start"]))


def _check(plan: Plan) -> None:
    rows = [row for row in plan.rows["function"] if row.path is not None]
    sound = [row for row in rows if _is_whole(row) and _names_are_known(plan, row)]
    drafts = [function_draft(row.values, plan.names) for row in sound]
    others = {row.values["key"] for row in plan.rows["function"] if row.path is None}
    found = findings_of(drafts, plan.dates, taken=others, parties=parties_of(plan))
    for row, findings in zip(sound, found, strict=True):
        if row.is_changed:
            for field, errors in findings.refused.items():
                for error in errors:
                    if error.code != "unknown":  # people whom the file introduces aren't in the database yet
                        plan.wrong(at(row, FIELDS.get(field, field)), error.messages[0])
            for notice in findings.notices:
                plan.warn(at(row, FIELDS.get(notice.field, notice.field)), notice.sentence)
    check_places(plan, [row for row in plan.rows["function"] if row.path is None or row in sound])


def _is_whole(row: Wanted) -> bool:
    return all(row.values[key.name] is not None for key in FUNCTION_KEYS if key.needed)


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


def function_draft(values: Values, names: Names) -> FunctionDraft:
    """Everything that it names must be there."""
    return FunctionDraft(
        key=values["key"],
        title=values["title"],
        kind=member_of(FunctionKind, values["kind"]),
        local_start=LocalTime(values["start"]),
        duration_minutes=values["minutes"],
        track=values["track"],
        host_id=names.person(values["host"]),
        room_ids=tuple(names.rooms.keys[code] for code in values["rooms"]),
        equipment=tuple(_pieces(code, number, names) for code, number in values["equipment"].items()),
        setup_style=values["setup_style"],
        headcount=values["headcount"],
        attendees=tuple(
            AttendeeDraft(person, member_of(AttendeeRole, each["role"]))
            for each in values["attendees"]
            if (person := names.person(each["person"])) is not None
        ),
        speakers=tuple(
            SpeakerDraft(person, each["topic"], member_of(SpeakerState, each["state"]))
            for each in values["speakers"]
            if (person := names.person(each["person"])) is not None
        ),
        cues=tuple(
            CueDraft(
                each["at"],
                each["what"],
                each["minutes"],
                each["cue"],
                names.person(each["owner"]),
                each["service"],
            )
            for each in values["run_of_show"]
            if each["at"] is not None and each["what"] is not None
        ),
        is_for_all=values["for_all"],
        is_public=values["public"],
        **{name: values[name] for name in TEXTS},
        sheet_due=values["sheet"],
    )


def _pieces(code: str, number: int, names: Names) -> EquipmentDraft:
    kind, _mark, site = code.partition(SITE_MARK)
    return EquipmentDraft(names.equipment.keys[kind], number, names.sites.keys[site] if site else None)


def _current(event: Event, names: Names) -> list[Values]:
    drafts = function_drafts_of(event)
    names.know_people(pk for draft in drafts for pk in _ids_in(draft))
    return [function_values(draft, names) for draft in drafts]


def _ids_in(draft: FunctionDraft) -> list[int | None]:
    asked = [each.person_id for each in draft.attendees]
    return [
        *asked,
        *(each.person_id for each in draft.speakers),
        *(each.owner_id for each in draft.cues),
        draft.host_id,
    ]


def function_values(draft: FunctionDraft, names: Names) -> Values:
    rooms = [names.rooms.codes[pk] for pk in draft.room_ids]
    return {
        "key": draft.key,
        "title": draft.title,
        "kind": draft.kind.value,
        "start": draft.local_start,
        "minutes": draft.duration_minutes,
        "track": draft.track,
        "host": names.email(draft.host_id),
        "rooms": [*rooms[:1], *sorted(rooms[1:])],
        "setup_style": draft.setup_style,
        "headcount": draft.headcount,
        "equipment": dict(sorted((_code(each, names), each.quantity) for each in draft.equipment)),
        "for_all": draft.is_for_all,
        "public": draft.is_public,
        "speakers": [
            {
                "person": names.email(each.person_id),
                **introduced(names, names.email(each.person_id)),
                "topic": each.topic,
                "state": each.state.value,
            }
            for each in draft.speakers
        ],
        "attendees": _attendees(draft.attendees, names),
        "run_of_show": [
            {
                "at": each.offset_minutes,
                "what": each.what,
                "minutes": each.minutes,
                "cue": each.cue,
                "owner": names.email(each.owner_id),
                "service": each.service,
            }
            for each in draft.cues
        ],
        **{name: getattr(draft, name) for name in TEXTS},
        "sheet": draft.sheet_due,
    }


def _attendees(drafts: Sequence[AttendeeDraft], names: Names) -> list[Values]:
    found = [{"person": names.email(each.person_id), "role": each.role.value} for each in drafts]
    return sorted(found, key=lambda each: each["person"])


def _code(piece: EquipmentDraft, names: Names) -> str:
    code = names.equipment.codes[piece.equipment_id]
    return code if piece.site_id is None else f"{code}{SITE_MARK}{names.sites.codes[piece.site_id]}"


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
        row.values["attendees"] = _attendees(named, plan.names)


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
