"""The rows of mail that came in: one for each mail, whoever brings it and however often."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from convenor.base.actor import Actor
from convenor.base.enums import Verdict
from convenor.base.models import AddressTrouble, ReceivedMail
from convenor.base.permissions import may

KEPT_FOR = timedelta(days=365)
# The verdict of a mail with several outcomes: what somebody should look at comes first.
WORST_FIRST = (Verdict.REFUSED, Verdict.LISTED, Verdict.BOUNCE, Verdict.APPLIED, Verdict.IGNORED)
Received = ReceivedMail


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What is kept of a mail; `outcomes` are objects with "verdict", "reason" and "facts", at least one."""

    message_id: str
    sender: str
    subject: str
    size: int
    outcomes: Sequence[dict[str, Any]]


def known_mail(digest: str) -> ReceivedMail | None:
    return ReceivedMail.objects.filter(digest=digest).first()


def put_down(*, digest: str, received_at: datetime) -> tuple[ReceivedMail, bool]:
    """The mail's row, and whether it was made just now; another transaction's row of the same mail is waited for."""
    return ReceivedMail.objects.get_or_create(
        digest=digest, defaults={"verdict": Verdict.LISTED, "received_at": received_at}
    )


def write_down(row: ReceivedMail, found: Found) -> ReceivedMail:
    """What became of a mail that was just put down."""
    first = min(found.outcomes, key=lambda each: WORST_FIRST.index(Verdict(each["verdict"])))
    row.message_id, row.sender, row.subject = found.message_id, found.sender, found.subject
    row.size, row.verdict, row.reason = found.size, first["verdict"], first["reason"]
    row.facts = {"outcomes": list(found.outcomes)}
    row.save()
    return row


def received_for(
    actor: Actor, *, text: str = "", verdict: str = "", before: int | None = None, most: int = 50
) -> list[ReceivedMail]:
    """The newest, or those before the one with that key; `text` is looked for in sender and subject. Nothing for whom it is not for."""
    if not may(actor, "mail.see_received"):
        return []
    rows = ReceivedMail.objects.order_by("-pk")
    if before is not None:
        rows = rows.filter(pk__lt=before)
    if verdict in Verdict.values:
        rows = rows.filter(verdict=verdict)
    for word in text.replace("\x00", "").split()[:4]:
        rows = rows.filter(Q(sender__icontains=word) | Q(subject__icontains=word))
    return list(rows[:most])


def troubles_for(actor: Actor) -> QuerySet[AddressTrouble]:
    """Addresses that mail doesn't reach, the latest first."""
    rows = AddressTrouble.objects.order_by("-last_at", "-pk")
    return rows if may(actor, "mail.see_received") else rows.none()


def trouble_for(actor: Actor, pk: int) -> AddressTrouble:
    """Raises AddressTrouble.DoesNotExist."""
    return troubles_for(actor).get(pk=pk)


def forget_old(now: datetime) -> int:
    """Delete what came in over a year ago; how many."""
    return ReceivedMail.objects.filter(received_at__lt=now - KEPT_FOR).delete()[0]
