"""Every function that needs a place has a confirmed one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from convenor.events.enums import Level
from convenor.events.models import Event, Function
from convenor.events.queries.readiness_checks.coming import by_event, coming, function_ref, title
from convenor.events.rules.findings import Finding, Ref
from convenor.scheduling.enums import BookingState
from convenor.scheduling.models import Booking

WAITING = (BookingState.HELD, BookingState.PENDING)


def rooms_confirmed(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """A place written in words (a restaurant, a link) is one. Two queries."""
    return by_event([*_empty(event_ids), *_placeless(event_ids, now)])


def _empty(event_ids: Sequence[int]) -> Iterator[tuple[int, Finding]]:
    """An event without any function has no place either."""
    bare = Event.objects.filter(~Exists(Function.objects.filter(event=OuterRef("pk"))), pk__among=event_ids)
    for pk in bare.order_by().values_list("pk", flat=True):
        sentence = _("Nothing is in the programme yet.")
        evidence = Ref("event.programme", pk)
        yield pk, Finding(Level.ATTENTION, sentence, "programme", evidence, once_late=Level.BLOCKING)


def _placeless(event_ids: Sequence[int], now: datetime) -> Iterator[tuple[int, Finding]]:
    booked = Booking.objects.filter(occurrence=OuterRef("occurrence"), room__isnull=False)
    rows = coming(event_ids, now).annotate(
        name=title(),
        is_placed=Exists(booked.filter(state=BookingState.CONFIRMED)),
        is_waiting=Exists(booked.filter(state__in=WAITING)),
    )
    rows = rows.filter(Q(is_waiting=True) | Q(is_placed=False, occurrence__meeting__location=""))
    for event, pk, key, name, is_waiting in rows.values_list("event_id", "pk", "key", "name", "is_waiting"):
        ref = function_ref(pk, name)
        if is_waiting:
            sentence = _("The room of “%(function)s” isn't confirmed yet.") % {"function": name}
            yield event, Finding(Level.ATTENTION, sentence, key, ref, once_late=Level.BLOCKING)
        else:
            sentence = _("“%(function)s” has no place.") % {"function": name}
            yield event, Finding(Level.BLOCKING, sentence, key, ref)
