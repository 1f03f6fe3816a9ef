"""Who wrote: people by the addresses that mail comes from. For what reads incoming mail, which acts for nobody yet."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from convenor.base.enums import Scope
from convenor.kernel.instants import ZoneName, instant_of
from convenor.kernel.weekly_hours import day_of
from convenor.people.models import Delegation, EmailAlias, Person
from convenor.people.rules import is_in_force


def person_writing_from(address: str) -> Person | None:
    """Whose e-mail it is, else whose other address; None for an address of nobody that is active. Two queries at most."""
    wanted = address.strip().lower()
    active = Person.objects.filter(is_active=True)
    return active.filter(email=wanted).first() or active.filter(aliases__email=wanted).first()


def addresses_of(person_id: int) -> set[str]:
    """All that the person writes from."""
    main = Person.objects.filter(pk=person_id).values_list("email", flat=True)
    return {*main, *EmailAlias.objects.filter(person=person_id).values_list("email", flat=True)}


def writes_for(sender_id: int, person_id: int, now: datetime) -> bool:
    """Whether the sender is a delegate who may act for this person today."""
    rows = Delegation.objects.filter(delegate=sender_id, principal=person_id, scope=Scope.ACT)
    return any(
        is_in_force(row.starts_on, row.ends_on, day_of(instant_of(now), ZoneName(row.principal.zone)))
        for row in rows.select_related("principal")
    )


def known_addresses(addresses: Collection[str]) -> set[str]:
    """Those of them that belong to somebody."""
    main = Person.objects.filter(email__in=addresses).values_list("email", flat=True)
    return {*main, *EmailAlias.objects.filter(email__in=addresses).values_list("email", flat=True)}
