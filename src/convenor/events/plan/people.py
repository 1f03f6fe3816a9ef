"""[[people]] and [[contact]]: who takes part in the event, and who works for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convenor.events.actions.parties import set_contacts, set_parties
from convenor.events.drafts import ContactDraft, PartyDraft
from convenor.events.enums import PartyRole, Service
from convenor.events.models import Event
from convenor.events.plan import keys as read
from convenor.events.plan.changes import Applying, SectionChanges
from convenor.events.plan.keys import AT, Key, Values, member_of
from convenor.events.plan.laying import Plan, Wanted
from convenor.events.plan.names import Names
from convenor.events.queries.drafts import contact_drafts_of, party_drafts_of
from convenor.events.registry import PlanSection
from convenor.events.rules.event import PersonFacts, Problems
from convenor.events.rules.party import LONGEST_NOTE, MOST_PRECEDENCE, party_problems
from convenor.events.rules.toml_reading import Table
from convenor.kernel.instants import LocalTime

PARTY_FIELDS = {"person_id": "email", "host_id": "host", "needs_badge": "badge"}
INTRODUCTION = (
    Key(
        "name",
        read.text(160),
        "Their name, if they are from outside and may not be in the directory yet.",
        aside=True,
    ),
    Key("organisation", read.text(160), "The organisation that they belong to.", aside=True),
    Key("job_title", read.text(120), "Their job title.", aside=True),
)
PEOPLE_KEYS = (
    Key("email", read.email, "Who it is."),
    Key(
        "emails",
        read.emails,
        "Several people of whom all else in the table holds, instead of `email`.",
        aside=True,
    ),
    *INTRODUCTION,
    Key(
        "role",
        read.choice(PartyRole),
        "`chair`, `participant`, `optional`, `guest` or `staff`.",
        default="participant",
    ),
    Key("precedence", read.whole(1, MOST_PRECEDENCE), "Their place in seating lists; 1 sits first."),
    Key("host", read.email, "The e-mail of who looks after them.", default=""),
    Key("arrives", read.moment, "When they come: a local date with a time."),
    Key("badge", read.flag, "`true`: reception has a badge ready.", default=False),
    Key("note", read.text(LONGEST_NOTE), "What else is to be known.", default=""),
)
CONTACT_KEYS = (
    Key(
        "service",
        read.choice(Service),
        "`catering`, `av`, `security`, `facility` or `staffing`.",
        needed=True,
    ),
    Key("email", read.email, "Who answers for it.", needed=True),
    *INTRODUCTION,
)


def _each(table: Table, said: Values) -> Sequence[Values]:
    """One row for each of the e-mails."""
    if "emails" not in said:
        if "email" not in table.values:
            table.wrong("email", _("Say who: “email”, or “emails” for several."))
        return [said] if said.get("email") else []
    if "email" in said:
        table.wrong("emails", _("Say either “email” or “emails”."))
        return []
    if "name" in said:
        table.wrong("name", _("A name belongs to one person: give them a table of their own."))
    rest = {key: value for key, value in said.items() if key not in {"emails", "name"}}
    places = {str(email).strip().lower(): place for place, email in enumerate(table.values["emails"])}
    return [{"email": email, **rest, AT: ("emails", places[email])} for email in said["emails"]]


def _check_people(plan: Plan) -> None:
    rows, facts = plan.rows["people"], people_facts(plan.names)
    listed = {plan.names.person(row.values["email"]) for row in rows if row.before is not None}
    known = frozenset(pk for pk in listed if pk is not None)
    for row in _told(rows):
        host = row.values["host"]
        if known_person(plan, row, "email") and (not host or known_person(plan, row, "host")):
            (draft,) = party_drafts([row], plan.names)
            put_down(plan, row, PARTY_FIELDS, party_problems([draft], facts, known, plan.dates))
    chairs = [row for row in rows if row.values["role"] == PartyRole.CHAIR]
    if len(chairs) > 1:
        names = ", ".join(row.values["email"] for row in chairs)
        words = _("An event has one chair; named are: %(names)s.") % {"names": names}
        plan.wrong(at(next(row for row in reversed(chairs) if row.path), "role"), words)


def _check_contacts(plan: Plan) -> None:
    for row in _told(plan.rows["contact"]):
        known_person(plan, row, "email")


def known_person(plan: Plan, row: Wanted, key: str) -> bool:
    """Whether somebody has the e-mail under the key; who is in the row already may have left since."""
    email, before = row.values[key], row.before or {}
    return before.get(key) == email or plan.knows_person(at(row, key), email)


def put_down(plan: Plan, row: Wanted, keys: Mapping[str, str], problems: Problems) -> None:
    """A validator's sentences at the file's keys; `keys` are those by the draft's fields, where they differ."""
    for field, sentences in problems.items():
        for sentence in sentences:
            plan.wrong(at(row, keys.get(field, field)), sentence)


def people_facts(names: Names) -> dict[int, PersonFacts]:
    return {each.pk: PersonFacts(each.name, each.is_staff, each.is_active) for each in names.people.values()}


def _told(rows: Iterable[Wanted]) -> list[Wanted]:
    """The rows that the file speaks of."""
    return [row for row in rows if row.path is not None]


def at(row: Wanted, key: str) -> tuple[str | int, ...]:
    """Where the file says the key, or would."""
    path = row.path or ("event",)
    return (*path, *row.said[AT]) if key == "email" and AT in row.said else (*path, key)


def introduced(names: Names, email: str) -> Values:
    """What a file says of people from outside, so that another organisation can apply it too."""
    person = names.people.get(email)
    if person is None or person.is_staff:
        return {}
    found = {"name": person.name, "organisation": person.organisation}
    return found | ({"job_title": person.job_title} if person.job_title else {})


def _people(event: Event, names: Names) -> list[Values]:
    drafts = party_drafts_of(event)
    names.know_people(pk for each in drafts for pk in (each.person_id, each.host_id))
    return [
        {
            "email": names.email(each.person_id),
            **introduced(names, names.email(each.person_id)),
            "role": each.role.value,
            "precedence": each.precedence,
            "host": names.email(each.host_id),
            "arrives": each.arrives,
            "badge": each.needs_badge,
            "note": each.note,
        }
        for each in drafts
    ]


def _contacts(event: Event, names: Names) -> list[Values]:
    drafts = contact_drafts_of(event)
    names.know_people(each.person_id for each in drafts)
    return [
        {
            "service": each.service.value,
            "email": names.email(each.person_id),
            **introduced(names, names.email(each.person_id)),
        }
        for each in drafts
    ]


def party_drafts(rows: Iterable[Wanted], names: Names) -> list[PartyDraft]:
    """Of the rows whose people are known."""
    found = []
    for row in rows:
        person = names.person(row.values["email"])
        if person is not None:
            found.append(_party(row.values, person, names))
    return found


def _party(values: Values, person: int, names: Names) -> PartyDraft:
    return PartyDraft(
        person_id=person,
        role=member_of(PartyRole, values["role"]),
        precedence=values["precedence"],
        host_id=names.person(values["host"]),
        arrives=None if values["arrives"] is None else LocalTime(values["arrives"]),
        needs_badge=values["badge"],
        note=values["note"],
    )


def _gathered(rows: Sequence[Values]) -> list[Values]:
    """Staff of whom nothing else differs stand in one table, at the place of the first."""
    found: list[Values] = []
    alike: dict[tuple[Any, ...], Values] = {}
    for row in rows:
        rest = {key: value for key, value in row.items() if key != "email"}
        shared = alike.get(tuple(rest.values()))
        if "name" in row:
            found.append(row)
        elif shared is None:
            alike[tuple(rest.values())] = table = {"emails": [row["email"]], **rest}
            found.append(table)
        else:
            shared["emails"].append(row["email"])
    return [_alone(table) for table in found]


def _alone(table: Values) -> Values:
    emails = table.get("emails", ())
    if len(emails) != 1:
        return table
    return {"email": emails[0]} | {key: value for key, value in table.items() if key != "emails"}


def _set_people(applying: Applying, changes: SectionChanges) -> None:
    drafts = party_drafts(changes.rows, applying.names)
    set_parties(actor=applying.actor, event_id=applying.event.pk, drafts=drafts, now=applying.now)


def _set_contacts(applying: Applying, changes: SectionChanges) -> None:
    names = applying.names
    drafts = [
        ContactDraft(member_of(Service, row.values["service"]), person)
        for row in changes.rows
        if (person := names.person(row.values["email"])) is not None
    ]
    set_contacts(actor=applying.actor, event_id=applying.event.pk, drafts=drafts, now=applying.now)


PEOPLE = PlanSection(
    name="people",
    title=gettext_lazy("People"),
    keys=PEOPLE_KEYS,
    named_by=("email",),
    check=_check_people,
    current=_people,
    apply=_set_people,
    expand=_each,
    gather=_gathered,
)
CONTACTS = PlanSection(
    name="contact",
    title=gettext_lazy("Contacts"),
    keys=CONTACT_KEYS,
    named_by=("service", "email"),
    check=_check_contacts,
    current=_contacts,
    apply=_set_contacts,
)
