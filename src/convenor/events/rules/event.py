"""What an event must satisfy: one validator for the form, the plan file and every other way in. Pure; the rows come from queries/named.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

from django.utils.text import slugify
from django.utils.translation import gettext as _

from convenor.events.drafts import EventDraft
from convenor.events.enums import Confidentiality, EventState
from convenor.kernel.instants import LocalTime, UnknownZone, ZoneName, to_instant
from convenor.scheduling.enums import Priority

FIRST_YEAR, LAST_YEAR = 2000, 2100
LONGEST_DAYS = 366
MOST_PEOPLE = 1_000_000
LONGEST_TITLE, LONGEST_TEXT, LONGEST_KEY = 200, 20_000, 80
WITHOUT_DATES = (EventState.ENQUIRY, EventState.CANCELLED)
_KEY_STEM = 70

Problems = Mapping[str, list[str]]


@dataclass(frozen=True, slots=True)
class PersonFacts:
    name: str
    is_staff: bool
    is_active: bool
    coordinates: bool = False  # whether their account is a coordinator's or an administrator's


@dataclass(frozen=True, slots=True)
class EventFacts:
    """The rows that a draft names, by key: what isn't here doesn't exist. `before` is the event as it is, None for a new one."""

    people: Mapping[int, PersonFacts] = field(default_factory=dict)
    departments: Mapping[int, bool] = field(default_factory=dict)  # whether it is of our own organisation
    organisations: Mapping[int, tuple[str, bool]] = field(default_factory=dict)  # name, whether our own
    site_ids: frozenset[int] = frozenset()
    class_versions: Mapping[int, bool] = field(default_factory=dict)  # whether its class is offered
    taken_keys: frozenset[str] = frozenset()
    state: EventState = EventState.ENQUIRY
    before: EventDraft | None = None
    in_name_of: frozenset[int] | None = (
        None  # for whom, besides coordinators, the event may be; None: for anybody
    )


def problems_of(draft: EventDraft, facts: EventFacts) -> Problems:
    """Sentences by the draft's field; empty where all is well."""
    found: dict[str, list[str]] = defaultdict(list)
    for name, sentence in (
        *_texts(draft),
        *_key(draft, facts),
        *_class(draft, facts),
        *_places(draft, facts),
        *_organisations(draft, facts),
        *_people(draft, facts),
        *_dates(draft, facts),
        *_counts(draft),
    ):
        found[name].append(sentence)
    return dict(found)


def key_from(title: str, taken: Iterable[str]) -> str:
    """A key made of the title that isn't taken: "away-day", "away-day-2", …"""
    stem, used = slugify(title)[:_KEY_STEM].strip("-") or "event", set(taken)
    number, key = 1, stem
    while key in used:
        number += 1
        key = f"{stem}-{number}"
    return key


def key_stem(title: str) -> str:
    """What every key made of this title begins with."""
    return key_from(title, ())


def _texts(draft: EventDraft) -> Iterable[tuple[str, str]]:
    if not draft.title.strip():
        yield "title", _("An event needs a title.")
    if len(draft.title.strip()) > LONGEST_TITLE:
        yield "title", _("A title has at most %(most)d characters.") % {"most": LONGEST_TITLE}
    for name in ("objectives", "notes"):
        if len(getattr(draft, name)) > LONGEST_TEXT:
            yield name, _("At most %(most)d characters.") % {"most": LONGEST_TEXT}
    if draft.confidentiality not in Confidentiality.values:
        yield "confidentiality", _("There is no such confidentiality.")
    if draft.priority not in Priority.values:
        yield "priority", _("There is no such priority.")


def _key(draft: EventDraft, facts: EventFacts) -> Iterable[tuple[str, str]]:
    if draft.key and (slugify(draft.key) != draft.key or len(draft.key) > LONGEST_KEY):
        yield "key", _("A key is made of small letters, digits and hyphens, such as away-day-2026.")
    elif draft.key in facts.taken_keys:
        yield "key", _("Another event has the key “%(key)s” already.") % {"key": draft.key}


def _class(draft: EventDraft, facts: EventFacts) -> Iterable[tuple[str, str]]:
    offered = facts.class_versions.get(draft.class_version_id)
    kept = facts.before is not None and facts.before.class_version_id == draft.class_version_id
    if offered is None:
        yield "class_version_id", _("There is no such event class.")
    elif not offered and not kept:
        yield "class_version_id", _("This class is no longer offered for new events.")


def _places(draft: EventDraft, facts: EventFacts) -> Iterable[tuple[str, str]]:
    if draft.site_id is not None and draft.site_id not in facts.site_ids:
        yield "site_id", _("There is no such site.")
    if draft.host_department_id is not None:
        yield from _own_department("host_department_id", draft.host_department_id, facts)
    for pk in draft.department_ids:
        yield from _own_department("department_ids", pk, facts)


def _organisations(draft: EventDraft, facts: EventFacts) -> Iterable[tuple[str, str]]:
    for pk in draft.organisation_ids:
        name, own = facts.organisations.get(pk, ("", False))
        if not name:
            yield "organisation_ids", _("There is no such organisation.")
        elif own:
            sentence = _("%(name)s is our own organisation; name the ones from outside.")
            yield "organisation_ids", sentence % {"name": name}


def _own_department(name: str, pk: int, facts: EventFacts) -> Iterable[tuple[str, str]]:
    if pk not in facts.departments:
        yield name, _("There is no such department.")
    elif not facts.departments[pk]:
        yield name, _("Only departments of our own organisation take part as such.")


def _people(draft: EventDraft, facts: EventFacts) -> Iterable[tuple[str, str]]:
    """Who was named before may have left since; who is named now must be there."""
    for name in ("owner_id", "sponsor_id", "budget_holder_id"):
        pk = getattr(draft, name)
        if pk is None or (facts.before is not None and getattr(facts.before, name) == pk):
            continue
        person = facts.people.get(pk)
        if person is None:
            yield name, _("There is no such person.")
        elif not person.is_staff:
            yield name, _("%(name)s is from outside; name one of the staff.") % {"name": person.name}
        elif not person.is_active:
            yield name, _("%(name)s is no longer active.") % {"name": person.name}
        elif name == "owner_id" and not _may_be_owner(pk, person, facts):
            sentence = _(
                "%(name)s is no coordinator: name yourself, a coordinator or who lets you act for them."
            )
            yield name, sentence % {"name": person.name}


def _may_be_owner(pk: int, person: PersonFacts, facts: EventFacts) -> bool:
    """Invitations go out in the owner's name: nobody lends it without having been asked, but those whose job it is."""
    return person.coordinates or facts.in_name_of is None or pk in facts.in_name_of


def _dates(draft: EventDraft, facts: EventFacts) -> Iterable[tuple[str, str]]:
    if (draft.starts is None) != (draft.ends is None):
        yield ("ends" if draft.ends is None else "starts"), _("Give both start and end, or neither.")
        return
    if draft.starts is None:
        if facts.state not in WITHOUT_DATES:
            yield "starts", _("Only an enquiry may be without a start and an end.")
        for name in ("load_in", "load_out"):
            if getattr(draft, name) is not None:
                yield name, _("Give start and end first.")
        return
    yield from _in_order(draft)


def _in_order(draft: EventDraft) -> Iterable[tuple[str, str]]:
    """By instants, not by clocks: on the night on which clocks go back they don't say the same."""
    names = [name for name in ("load_in", "starts", "ends", "load_out") if getattr(draft, name) is not None]
    locals_ = {name: getattr(draft, name) for name in names}
    if bad := [name for name, local in locals_.items() if not FIRST_YEAR <= local.year <= LAST_YEAR]:
        years = {"first": FIRST_YEAR, "last": LAST_YEAR}
        yield from ((name, _("The year must be from %(first)d to %(last)d.") % years) for name in bad)
        return
    try:
        moments = {
            name: to_instant(LocalTime(local), ZoneName(draft.zone)) for name, local in locals_.items()
        }
    except UnknownZone:
        yield "zone", _("There is no time zone named “%(zone)s”.") % {"zone": draft.zone[:80]}
        return
    order = {
        "starts": _("An event can't start before its load-in."),
        "ends": _("An event must end after it starts."),
        "load_out": _("Load-out can't come before the end."),
    }
    for first, second in pairwise(names):
        ends_at_once = second == "ends" and moments[first] == moments[second]
        if moments[first] > moments[second] or ends_at_once:
            yield second, order[second]
    if (moments[names[-1]] - moments[names[0]]) > LONGEST_DAYS * 86_400:
        yield "ends", _("This is more than a year; is the year right?")


def _counts(draft: EventDraft) -> Iterable[tuple[str, str]]:
    for name in ("expected_count", "guaranteed_count", "actual_count"):
        count = getattr(draft, name)
        if count is not None and not 0 <= count <= MOST_PEOPLE:
            yield name, _("A count goes from 0 to %(most)d.") % {"most": MOST_PEOPLE}
    expected, guaranteed = draft.expected_count, draft.guaranteed_count
    if expected is not None and guaranteed is not None and guaranteed > expected:
        sentence = _("More guaranteed than expected: at most %(expected)d.")
        yield "guaranteed_count", sentence % {"expected": expected}
