"""A registration as the draft that would make it: what a change begins from."""

from __future__ import annotations

from convenor.attendance.drafts import NeedsDraft, RegistrationDraft, Who
from convenor.attendance.enums import GONE, AccessNeed, Diet
from convenor.attendance.models import Registration, RegistrationNeeds, Seat


def registration_draft_of(row: Registration) -> RegistrationDraft:
    """With the functions and the guests that still come. 3 queries."""
    seats = Seat.objects.filter(registration=row, roll__function__isnull=False).exclude(state__in=GONE)
    guests = row.guests.filter(seats__in=Seat.objects.exclude(state__in=GONE)).distinct().order_by("pk")
    return RegistrationDraft(
        who=who_of(row),
        function_ids=tuple(sorted(seats.values_list("roll__function_id", flat=True))),
        guests=tuple(who_of(guest) for guest in guests),
        answers={
            key: tuple(value) if isinstance(value, list) else value for key, value in row.answers.items()
        },
        needs=needs_draft_of(row),
        priority=row.priority,
        note=row.note,
    )


def who_of(row: Registration) -> Who:
    """In their own words, not the directory's."""
    return Who(
        name=row.name,
        email=row.email,
        organisation=row.organisation,
        phone=row.phone,
        language=row.language,
    )


def needs_draft_of(row: Registration) -> NeedsDraft:
    needs = RegistrationNeeds.objects.filter(registration=row).first()
    if needs is None:
        return NeedsDraft()
    return NeedsDraft(
        diets=tuple(Diet(each) for each in needs.diets),
        dietary=needs.dietary,
        access=tuple(AccessNeed(each) for each in needs.access),
        access_text=needs.access_text,
    )
