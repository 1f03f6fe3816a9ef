"""What an event has of rolls that moves with it, and whom that is told."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.attendance.enums import GONE, SeatState
from convenor.attendance.models import Allotment, Registration, Roll, Seat
from convenor.events.enums import Occasion
from convenor.events.registry import Effect
from convenor.events.rules.moving import Shift

DEADLINES = ("rsvp_by", "cancel_free_until", "guarantee_due")


def reached(event_id: int) -> QuerySet[Registration]:
    """Those with a seat that they haven't given up, who can be written to; guests hear through whose guests they are."""
    here = Seat.objects.filter(registration=OuterRef("pk")).exclude(state__in=GONE)
    rows = Registration.objects.filter(Exists(here), event=event_id, guest_of__isnull=True)
    return rows.exclude(email="").order_by("pk")


def offered(event_id: int) -> QuerySet[Seat]:
    rows = Seat.objects.filter(roll__event=event_id, state=SeatState.OFFERED)
    return rows.select_related("registration__guest_of").order_by("pk")


def unreleased(event_id: int) -> QuerySet[Allotment]:
    rows = Allotment.objects.filter(roll__event=event_id, released_at__isnull=True)
    return rows.filter(release_at__isnull=False).order_by("pk")


def effects_of(event_id: int, occasion: Occasion, shift: Shift | None) -> Sequence[Effect]:
    """What the preview says. 1 query without a roll, else 4."""
    rolls = list(Roll.objects.filter(event=event_id))
    if not rolls:
        return ()
    sentences = [_told(reached(event_id).count())]
    deadlines = sum(getattr(roll, name) is not None for roll in rolls for name in DEADLINES)
    if shift is not None:
        sentences.append(_deadlines(deadlines + unreleased(event_id).count()))
    if occasion != Occasion.MOVED:
        sentences.append(_offers(offered(event_id).count(), occasion))
    return [Effect(sentence) for sentence in sentences if sentence]


def _told(count: int) -> str:
    sentence = ngettext(
        "%(count)d person on the roll will be told.", "%(count)d people on the roll will be told.", count
    )
    return sentence % {"count": count} if count else ""


def _deadlines(count: int) -> str:
    sentence = ngettext(
        "%(count)d deadline of the roll moves along.", "%(count)d deadlines of the roll move along.", count
    )
    return sentence % {"count": count} if count else ""


def _offers(count: int, occasion: Occasion) -> str:
    if not count:
        return ""
    if occasion == Occasion.CANCELLED:
        return _("Nobody is offered a seat any more.")
    sentence = ngettext(
        "%(count)d offered seat goes back to the waitlist, and is offered again once there is a new date.",
        "%(count)d offered seats go back to the waitlist, and are offered again once there is a new date.",
        count,
    )
    return sentence % {"count": count}
