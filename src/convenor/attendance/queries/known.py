"""Whom the directory and the event's list know already, of many who are to be registered at once. For actions."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import prefetch_related_objects

from convenor.attendance.drafts import RegistrationDraft, Who
from convenor.attendance.models import Registration
from convenor.base.bulk import chunks
from convenor.people.models import EmailAlias, Person


@dataclass(frozen=True, slots=True)
class PersonFacts:
    id: int
    name: str
    email: str
    phone: str
    organisation: str
    department_id: int | None


PERSON = ("pk", "name", "email", "phone", "organisation__name", "department_id")


@dataclass(slots=True)
class Directory:
    by_id: dict[int, PersonFacts] = field(default_factory=dict)
    by_email: dict[str, PersonFacts] = field(default_factory=dict)

    def of(self, who: Who) -> PersonFacts | None:
        """The active person that is meant: by key, else by an address of theirs."""
        if who.person_id is not None:
            return self.by_id.get(who.person_id)
        return self.by_email.get(address(who.email))


def address(email: str) -> str:
    """As both columns keep it."""
    return email.strip().lower()


def directory_of(drafts: Iterable[RegistrationDraft]) -> Directory:
    """Two queries, and one for keys; a chunk of addresses at a time."""
    people = [who for draft in drafts for who in (draft.who, *draft.guests)]
    emails = sorted({address(who.email) for who in people if who.person_id is None and who.email})
    keys = sorted({who.person_id for who in people if who.person_id is not None})
    found = Directory()
    active = Person.objects.filter(is_active=True).order_by()
    for some in chunks(emails):
        aliases = EmailAlias.objects.filter(email__in=some, person__is_active=True).order_by()
        columns = [f"person__{name}" for name in PERSON]
        for email, *facts in aliases.values_list("email", *columns):
            found.by_email[email] = PersonFacts(*facts)
        for row in active.filter(email__in=some).values_list(*PERSON):
            facts_of = PersonFacts(*row)
            found.by_email[facts_of.email] = facts_of
    if keys:
        found.by_id = {
            row[0]: PersonFacts(*row) for row in active.filter(pk__among=keys).values_list(*PERSON)
        }
    return found


@dataclass(slots=True)
class Listed:
    """The event's registrations that the drafts could be the same as."""

    by_email: dict[str, Registration] = field(default_factory=dict)
    by_person: dict[int, Registration] = field(default_factory=dict)

    def of(self, email: str, person_id: int | None) -> Registration | None:
        found = self.by_person.get(person_id) if person_id is not None else None
        return found or (self.by_email.get(email) if email else None)


def listed_at(event_id: int, emails: Iterable[str], person_ids: Collection[int]) -> Listed:
    """With all their seats and guests. One query, and three more where somebody is found."""
    wanted = sorted({*filter(None, emails)})
    mine = Registration.objects.filter(event=event_id, guest_of__isnull=True)
    rows: dict[int, Registration] = {}
    for some in chunks(wanted):
        rows |= {row.pk: row for row in mine.filter(email__in=some)}
    if person_ids:
        rows |= {row.pk: row for row in mine.filter(person__among=person_ids)}
    if rows:
        prefetch_related_objects([*rows.values()], "seats", "guests__seats")
    return Listed(
        {row.email: row for row in rows.values() if row.email},
        {row.person_id: row for row in rows.values() if row.person_id is not None},
    )
