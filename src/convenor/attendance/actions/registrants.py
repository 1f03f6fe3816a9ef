"""The rows of registrations: who they are of, their guests, their needs, as drafts say."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.attendance.drafts import NeedsDraft, RegistrationDraft, Who
from convenor.attendance.enums import Source
from convenor.attendance.models import Registration, RegistrationNeeds
from convenor.attendance.queries.known import Directory, PersonFacts, address
from convenor.attendance.rules.identity import new_code, new_token, search_text
from convenor.base.text import text_problems
from convenor.base.updating import update_rows

OWN = (
    *("person", "name", "email", "phone", "organisation", "department", "language", "source", "priority"),
    *("nonce", "registered_by", "answers", "consented_at", "note", "search", "version"),
)
"""Columns that a draft decides about."""
CHECKED = frozenset({"name", "email", "phone", "organisation", "language", "nonce", "note", "priority"})
UNCHECKED = [field.name for field in Registration._meta.concrete_fields if field.name not in CHECKED]
MOST_GUESTS = 50


def new_registration(event_id: int, source: Source) -> Registration:
    return Registration(event_id=event_id, source=source, token=new_token(), code=new_code())


def fill_in(row: Registration, draft: RegistrationDraft, directory: Directory, now: datetime) -> Registration:
    """Set the row's columns to what the draft says. Raises ValidationError by the draft's fields."""
    fill_who(row, draft.who, directory)
    row.priority, row.note, row.nonce = draft.priority, draft.note, draft.nonce
    row.answers = {
        name: list(value) if isinstance(value, tuple) else value for name, value in draft.answers.items()
    }
    if any(value is True for value in draft.answers.values()):
        row.consented_at = row.consented_at or now
    check(row)
    return row


def fill_who(row: Registration, who: Who, directory: Directory) -> None:
    """Of somebody named by key the directory's words stand; of somebody found by address their own, and their department."""
    person = directory.of(who)
    if who.person_id is not None and person is None:
        sentence = _("This person is not in the directory any more.")
        raise ValidationError({"person_id": [ValidationError(sentence, code="unknown_person")]})
    if who.person_id is not None and person is not None:
        who = _as_listed(who, person)
    row.name, row.email = " ".join(who.name.split()), address(who.email)
    row.phone, row.organisation, row.language = who.phone.strip(), who.organisation.strip(), who.language
    row.person_id = person.id if person else None
    row.department_id = person.department_id if person else None
    row.search = search_text(row.name, row.email, row.organisation)


def _as_listed(who: Who, person: PersonFacts) -> Who:
    return Who(
        name=person.name,
        email=person.email,
        organisation=person.organisation,
        phone=who.phone or person.phone,
        person_id=person.id,
        language=who.language,
    )


def check(row: Registration) -> None:
    """Raises ValidationError by the draft's fields: no name, a bad address, too long, characters that can't be kept."""
    row.clean_fields(exclude=UNCHECKED)
    if problems := text_problems(row):
        raise ValidationError({name: [error] for name, error in problems.items() if name in CHECKED})


def guest_rows(lead: Registration, guests: Iterable[Who], directory: Directory) -> list[Registration]:
    """A row for each guest: the same as before for who is named as before. Raises ValidationError on `guests`."""
    known = {_named(each): each for each in lead.guests.all()} if lead.pk else {}
    rows: list[Registration] = []
    for who in guests:
        row = known.pop((search_text(who.name), address(who.email)), None)
        row = row or new_registration(lead.event_id, Source(lead.source))
        row.guest_of = lead
        try:
            fill_who(row, who, directory)
            check(row)
        except ValidationError as error:
            raise ValidationError({"guests": error.messages}) from error
        # A guest is its host's: it has no turn and no share of its own
        row.department_id = row.department_id or lead.department_id
        row.organisation = row.organisation or lead.organisation
        row.priority, row.registered_by_id, row.language = lead.priority, lead.registered_by_id, lead.language
        rows.append(row)
    if len(rows) > MOST_GUESTS:
        raise ValidationError({"guests": [_("That is too many guests for one registration.")]})
    return rows


def _named(row: Registration) -> tuple[str, str]:
    return search_text(row.name), row.email


def save_changed(rows: Collection[Registration]) -> None:
    """Rows that were there before, under a new version."""
    for row in rows:
        row.version += 1
    update_rows(list(rows), OWN)


def save_needs(needs: Mapping[int, NeedsDraft]) -> None:
    """By the registration's key. Nothing is kept of whoever needs nothing."""
    wanted = {key: draft for key, draft in needs.items() if draft != NeedsDraft()}
    there = {row.registration_id: row for row in RegistrationNeeds.objects.filter(registration__among=needs)}
    if gone := there.keys() - wanted.keys():
        RegistrationNeeds.objects.filter(registration__among=gone).delete()
    changed = [set_needs(there[key], draft) for key, draft in wanted.items() if key in there]
    update_rows(changed, ["diets", "dietary", "access", "access_text"])
    add_needs({key: draft for key, draft in wanted.items() if key not in there})


def add_needs(needs: Mapping[int, NeedsDraft]) -> None:
    """Of registrations that had none."""
    rows = [set_needs(RegistrationNeeds(registration_id=key), draft) for key, draft in needs.items()]
    RegistrationNeeds.objects.bulk_create(rows, batch_size=500)


def set_needs(row: RegistrationNeeds, draft: NeedsDraft) -> RegistrationNeeds:
    """Raises ValidationError by the draft's fields."""
    row.diets, row.access = sorted({*draft.diets}), sorted({*draft.access})
    row.dietary, row.access_text = draft.dietary.strip(), draft.access_text.strip()
    row.clean_fields(exclude=["registration", "diets", "access"])
    if problems := text_problems(row):
        raise ValidationError({name: [error] for name, error in problems.items()})
    return row
