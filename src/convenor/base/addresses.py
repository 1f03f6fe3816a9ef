"""Addresses that mail doesn't reach: marked when a server says so for good, cleared when something shows otherwise."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import F

from convenor.base.models import AddressTrouble
from convenor.base.transactions import action

SMTP_SAID = "SMTP "
"""How reasons begin that our own mail server gave while it was handed a mail; a bounce comes later, by mail."""
LONGEST_REASON = 500


@action
def mark_unreachable(address: str, reason: str, now: datetime) -> None:
    """Note that a server said mail for the address can't be delivered; another time counts one more."""
    clean, text = address.strip().lower()[:254], " ".join(reason.split())[:LONGEST_REASON]
    rows = AddressTrouble.objects.filter(address=clean)
    if rows.update(reason=text, count=F("count") + 1, last_at=now):
        return
    row = AddressTrouble(address=clean, reason=text, first_at=now, last_at=now)
    AddressTrouble.objects.bulk_create([row], ignore_conflicts=True)


def clear(address: str) -> bool:
    """Forget the trouble with an address: mail came from there, or somebody says that it works. Whether there was any."""
    return bool(AddressTrouble.objects.filter(address=address.strip().lower()).delete()[0])


def took_mail(addresses: Collection[str]) -> None:
    """Our mail server took mail for these: what it said against them before holds no more. A bounce stays noted."""
    clean = [address.strip().lower() for address in addresses]
    AddressTrouble.objects.filter(address__in=clean, reason__startswith=SMTP_SAID).delete()


def unreachable_among(addresses: Collection[str]) -> dict[str, str]:
    """The reason by address (in lower case), for those of the addresses that mail doesn't reach. One query."""
    clean = sorted({address.strip().lower() for address in addresses if address})
    return dict(AddressTrouble.objects.filter(address__in=clean).values_list("address", "reason"))
