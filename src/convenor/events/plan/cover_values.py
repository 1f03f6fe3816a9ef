"""The cover as a plan file says it: from the event as it is, and as it shall be, with a time found where one is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.events.drafts import EventDraft
from convenor.events.enums import Confidentiality
from convenor.events.models import ClassVersion, Event
from convenor.events.plan.cover import EVENT_KEYS
from convenor.events.plan.finding import find_start
from convenor.events.plan.keys import Values, completed, member_of, suggest, word_of
from convenor.events.plan.names import Names
from convenor.events.plan.reading import Document
from convenor.events.queries.classes import policy_of
from convenor.events.queries.drafts import event_draft_of
from convenor.events.rules.dates import instant_in
from convenor.events.rules.policy import Policy
from convenor.events.rules.policy_text import PolicyErrors
from convenor.kernel.instants import LocalTime, UnknownZone, zone_name
from convenor.scheduling.enums import Priority

DEFAULT_ZONE = "UTC"
COUNTS = {"expected": "expected_count", "guaranteed": "guaranteed_count", "actual": "actual_count"}
TIMES = {"load_in": "load_in", "start": "starts", "end": "ends", "load_out": "load_out"}
PEOPLE = {"owner": "owner_id", "sponsor": "sponsor_id", "budget_holder": "budget_holder_id"}
FIELDS = {
    **{draft: key for key, draft in (*COUNTS.items(), *TIMES.items(), *PEOPLE.items())},
    "class_version_id": "class",
    "host_department_id": "host",
    "department_ids": "departments",
    "organisation_ids": "organisations",
    "site_id": "site",
}
"""The file's key by the draft's field, where they aren't called the same."""


@dataclass(slots=True)
class Dates:
    """The dates that the event shall have; instants are aware."""

    zone: str
    load_in_at: datetime | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    load_out_at: datetime | None = None
    first: datetime | None = None  # the local start


def dates_of(cover: Values) -> Dates:
    moments = {f"{field}_at": instant_in(cover["zone"], cover[key]) for key, field in TIMES.items()}
    return Dates(cover["zone"], first=cover["start"], **moments)


def current_cover(event: Event, names: Names) -> Values:
    """The event as it is, in the file's terms."""
    draft = event_draft_of(event)
    names.know_people([draft.owner_id, draft.sponsor_id, draft.budget_holder_id])
    return {
        "key": event.key,
        "title": event.title,
        "class": event.class_version.event_class.code,
        "class_version": event.class_version.number,
        **{key: names.email(getattr(draft, field)) for key, field in PEOPLE.items()},
        "host": event.host_department.code if event.host_department else "",
        "departments": sorted(names.departments.codes[pk] for pk in draft.department_ids),
        "organisations": sorted(names.organisations.codes[pk] for pk in draft.organisation_ids),
        "site": event.site.code if event.site else "",
        "zone": event.zone,
        "confidentiality": word_of(draft.confidentiality),
        "priority": word_of(draft.priority),
        **{key: getattr(draft, field) for key, field in (*TIMES.items(), *COUNTS.items())},
        "objectives": draft.objectives,
        "notes": draft.notes,
    }


def laid_cover(
    actor: Actor, document: Document, names: Names, before: Values | None, now: datetime
) -> Values:
    """The cover as it shall be; what is wrong with the names and the window is put down."""
    said = document.event.said
    cover = completed(EVENT_KEYS, said, before)
    if not cover["owner"] and actor.person_id is not None:
        names.know_people([actor.person_id])
        cover["owner"] = names.email(actor.person_id)
    cover["zone"] = _zone(document, names, cover)
    if before is None or cover["class"] != before["class"]:
        cover["class_version"] = said.get("class_version") or max(names.classes.get(cover["class"], {0: 0}))
    if cover["confidentiality"] is None:
        cover["confidentiality"] = word_of(_usual_confidentiality(names, cover))
    if "find" in said:
        _find(actor, document, names, cover, before, now)
    return cover


def _zone(document: Document, names: Names, cover: Values) -> str:
    owner = names.people.get(cover["owner"])
    usual = names.site_zones.get(cover["site"]) or (owner.zone if owner else "") or DEFAULT_ZONE
    try:
        return zone_name(cover["zone"] or usual)
    except UnknownZone as error:
        suggestion = _("Did you mean “%(word)s”?") % {"word": error.nearest[0]} if error.nearest else ""
        words = _("There is no time zone named “%(zone)s”.") % {"zone": str(cover["zone"])[:80]}
        document.source.add(("event", "zone"), words, suggestion)
        return usual


def _usual_confidentiality(names: Names, cover: Values) -> Confidentiality:
    policy = policy_in(names, cover)
    return policy.confidentiality if policy else Confidentiality.INTERNAL


def policy_in(names: Names, cover: Values) -> Policy | None:
    """What the class lays down; None for a class that isn't there."""
    version = names.classes.get(cover["class"], {}).get(cover["class_version"], 0)
    try:
        return policy_of(ClassVersion.objects.get(pk=version))
    except (ClassVersion.DoesNotExist, PolicyErrors):
        return None


def _find(
    actor: Actor, document: Document, names: Names, cover: Values, before: Values | None, now: datetime
) -> None:
    """Start and end from the window; an event that lies within it already stays where it is."""
    for name in ("start", "end"):
        if name in document.event.said:
            words = _("Say either “%(key)s” or [event.find].") % {"key": name}
            document.source.add(("event", name), words)
            return
    found = find_start(actor, document, names, cover, before, now)
    if found is not None:
        cover["start"], cover["end"] = found


def check_names(document: Document, names: Names, cover: Values) -> bool:
    """Whether everything that the cover names is there; problems put down."""
    source, before = document.source, len(document.source.problems)

    def look(key: str, value: str, known: Any, sentence: str, *place: int) -> None:
        if value and value not in known:
            words = sentence % {"name": value[:80]}
            source.add(("event", key, *place), words, suggest(value, list(known)))

    look("class", cover["class"] or "", names.classes, _("There is no event class “%(name)s”."))
    versions = names.classes.get(cover["class"], {})
    if versions and cover["class_version"] not in versions:
        words = _("This class has no version %(number)d.") % {"number": cover["class_version"]}
        source.add(("event", "class_version"), words)
    look("host", cover["host"], names.departments.keys, _("There is no department “%(name)s”."))
    look("site", cover["site"], names.sites.keys, _("There is no site “%(name)s”."))
    said = document.event.said
    for place, code in enumerate(said.get("departments", ())):
        look("departments", code, names.departments.keys, _("There is no department “%(name)s”."), place)
    introduced = {each.organisation: 0 for each in names.people.values()}
    known = introduced | names.organisations.keys
    for place, name in enumerate(said.get("organisations", ())):
        look("organisations", name, known, _("There is no organisation “%(name)s”."), place)
    return len(source.problems) == before


def event_draft(cover: Values, names: Names) -> EventDraft:
    """What actions take. Everything that it names must be there."""
    owner = names.person(cover["owner"])
    assert owner is not None
    return EventDraft(
        key=cover["key"],
        title=cover["title"],
        class_version_id=names.classes[cover["class"]][cover["class_version"]],
        owner_id=owner,
        zone=cover["zone"],
        sponsor_id=names.person(cover["sponsor"]),
        budget_holder_id=names.person(cover["budget_holder"]),
        host_department_id=names.departments.keys.get(cover["host"]),
        department_ids=tuple(sorted(names.departments.keys[code] for code in cover["departments"])),
        organisation_ids=tuple(
            sorted(pk for name in cover["organisations"] if (pk := names.organisations.keys.get(name)))
        ),
        site_id=names.sites.keys.get(cover["site"]),
        confidentiality=member_of(Confidentiality, cover["confidentiality"]),
        priority=member_of(Priority, cover["priority"]),
        load_in=_local(cover["load_in"]),
        starts=_local(cover["start"]),
        ends=_local(cover["end"]),
        load_out=_local(cover["load_out"]),
        expected_count=cover["expected"],
        guaranteed_count=cover["guaranteed"],
        actual_count=cover["actual"],
        objectives=cover["objectives"],
        notes=cover["notes"],
    )


def _local(value: datetime | None) -> LocalTime | None:
    return None if value is None else LocalTime(value)
