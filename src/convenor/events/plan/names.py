"""The rows that plan files name — people by e-mail, rooms and departments by code — in both directions, each kind read once."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from convenor.base.actor import Actor
from convenor.base.bulk import chunks
from convenor.events.models import ClassVersion
from convenor.people.enums import PersonKind
from convenor.people.queries.emails import nearest_email
from convenor.people.queries.people import departments_for, organisations_for, people_for
from convenor.venues.queries.rooms import equipment_for, rooms_for
from convenor.venues.queries.sites import sites_for

MOST_GUESSES = 10
"""So many unknown e-mails get a suggestion: each takes a look at the whole directory."""


@dataclass(frozen=True, slots=True)
class PersonName:
    """`pk` is negative for somebody whom the file introduces and who isn't in the directory yet."""

    pk: int
    email: str
    name: str
    is_staff: bool
    is_active: bool
    zone: str = ""
    organisation: str = ""
    job_title: str = ""


class Codes:
    """Primary keys by code, and back."""

    def __init__(self, pairs: Iterable[tuple[int, str]]) -> None:
        self.codes = dict(pairs)
        self.keys = {code: pk for pk, code in self.codes.items()}

    def __contains__(self, code: object) -> bool:
        return code in self.keys


class Names:
    """What the actor may see of it."""

    def __init__(self, actor: Actor) -> None:
        self.actor = actor
        self.people: dict[str, PersonName] = {}
        self.emails: dict[int, str] = {}
        self._guesses = 0

    def know_emails(self, emails: Iterable[str]) -> None:
        """Look these people up. One query for each 5,000."""
        wanted = sorted(set(emails) - self.people.keys())
        for part in chunks(wanted):
            self._add({"email__in": part})

    def know_people(self, ids: Iterable[int | None]) -> None:
        """Look these people up. One query where any is new."""
        wanted = sorted({pk for pk in ids if pk is not None} - self.emails.keys())
        if wanted:
            self._add({"pk__among": wanted})

    def introduce(self, people: Collection[PersonName]) -> None:
        """People whom the file brings along, where nobody has their e-mail."""
        for each in people:
            if each.email not in self.people:
                self._put(each)

    def entered(self, email: str, pk: int) -> None:
        """Somebody who was introduced is in the directory now."""
        known = self.people[email]
        self.emails.pop(known.pk, None)
        self.people.pop(email)
        self._add({"pk__among": [pk]})

    def person(self, email: str) -> int | None:
        return self.people[email].pk if email in self.people else None

    def email(self, pk: int | None) -> str:
        """The e-mail of somebody whom `know_people` was told of; "" for nobody."""
        return self.emails.get(pk, "") if pk is not None else ""

    def nearest(self, email: str) -> str:
        """The known e-mail most like it, or ""."""
        self._guesses += 1
        return nearest_email(self.actor, email) if self._guesses <= MOST_GUESSES else ""

    def _add(self, condition: Mapping[str, object]) -> None:
        rows = people_for(self.actor, active=None).filter(**condition).order_by()
        columns = ("pk", "email", "name", "kind", "is_active", "zone", "organisation__name", "job_title")
        for pk, email, name, kind, active, zone, organisation, title in rows.values_list(*columns):
            staff = kind == PersonKind.STAFF
            self._put(PersonName(pk, email, name, staff, active, zone, organisation, title))

    def _put(self, person: PersonName) -> None:
        self.people[person.email] = person
        self.emails[person.pk] = person.email

    @cached_property
    def rooms(self) -> Codes:
        return Codes(rooms_for(self.actor, active=None).prefetch_related(None).values_list("pk", "code"))

    @cached_property
    def equipment(self) -> Codes:
        return Codes(equipment_for(self.actor).order_by("code").values_list("pk", "code"))

    @cached_property
    def sites(self) -> Codes:
        return Codes(sites_for(self.actor).values_list("pk", "code"))

    @cached_property
    def site_zones(self) -> dict[str, str]:
        return dict(sites_for(self.actor).values_list("code", "zone"))

    @cached_property
    def departments(self) -> Codes:
        return Codes(departments_for(self.actor).values_list("pk", "code"))

    @cached_property
    def department_leaders(self) -> dict[str, int | None]:
        return dict(departments_for(self.actor).values_list("code", "leader_id"))

    @cached_property
    def organisations(self) -> Codes:
        return Codes(organisations_for(self.actor).values_list("pk", "name"))

    @cached_property
    def classes(self) -> dict[str, dict[int, int]]:
        """Keys of the versions by number, oldest first, by the class's code."""
        rows = ClassVersion.objects.order_by("event_class__code", "number")
        found: dict[str, dict[int, int]] = {}
        for code, number, pk in rows.values_list("event_class__code", "number", "pk"):
            found.setdefault(code, {})[number] = pk
        return found
