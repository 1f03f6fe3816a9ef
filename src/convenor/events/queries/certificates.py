"""Certificates as they are read: what was frozen, who has signed, what has changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import translation

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.enums import Outcome, PartyRole
from convenor.events.models import Certificate, Event, SignOff
from convenor.events.queries.functions import functions_of
from convenor.events.queries.readiness import readiness_of
from convenor.events.queries.visibility import events_seen_by
from convenor.events.rules.certificate import Change, changes_since, evidence_of, outcome_of
from convenor.events.rules.dates import local_text
from convenor.events.rules.readiness import Readiness
from convenor.people.enums import PersonKind
from convenor.people.models import Person
from convenor.scheduling.enums import BookingState, OccurrenceState
from convenor.scheduling.models import Booking


@dataclass(frozen=True, slots=True)
class CertificateView:
    """`may_sign` are the people in whose name the reader can sign and who haven't yet."""

    certificate: Certificate
    sign_offs: tuple[SignOff, ...]
    outcome: Outcome
    is_newest: bool
    may_sign: tuple[SignOff, ...]
    changes: tuple[Change, ...] = ()


def certificates_for(actor: Actor, event_id: int) -> list[CertificateView]:
    """All of an event, newest first, without what has changed since. 2 queries. Nothing where the event may not be seen."""
    rows = Certificate.objects.filter(event__in=events_seen_by(actor), event=event_id).order_by("-number")
    found = list(rows.select_related("made_by").prefetch_related("sign_offs__person"))
    return [_view(actor, each, found[0]) for each in found]


def certificate_for(actor: Actor, pk: int, now: datetime) -> CertificateView:
    """With what has changed since. Raises Certificate.DoesNotExist."""
    rows = Certificate.objects.select_related("event__class_version__event_class", "event__site", "made_by")
    rows = rows.select_related("event__owner", "event__sponsor", "event__host_department")
    certificate = rows.prefetch_related("sign_offs__person").get(event__in=events_seen_by(actor), pk=pk)
    event = certificate.event
    newest = Certificate.objects.filter(event=event).order_by("-number")[:1].get()
    # In the language in which it was drawn up: the same sentence in another is no change.
    with translation.override(certificate.evidence["language"]):
        today = frozen(event, readiness_of([event.pk], now)[event.pk])
    changes = changes_since(certificate.evidence, today)
    return _view(actor, certificate, newest, changes)


def _view(
    actor: Actor, certificate: Certificate, newest: Certificate, changes: tuple[Change, ...] = ()
) -> CertificateView:
    sign_offs = tuple(certificate.sign_offs.all())
    is_newest = certificate.pk == newest.pk
    return CertificateView(
        certificate=certificate,
        sign_offs=sign_offs,
        outcome=outcome_of([each.decision for each in sign_offs]),
        is_newest=is_newest,
        may_sign=tuple(
            each
            for each in sign_offs
            if is_newest and not each.decision and may(actor, "event.sign", each.person_id)
        ),
        changes=changes,
    )


def waiting_for(actor: Actor, person_id: int) -> list[SignOff]:
    """What this person has to sign: of the newest certificates of events that the actor may see, oldest first."""
    newer = Certificate.objects.filter(
        event=OuterRef("certificate__event"), number__gt=OuterRef("certificate__number")
    )
    rows = SignOff.objects.filter(
        ~Exists(newer), person=person_id, decision="", certificate__event__in=events_seen_by(actor)
    )
    return list(rows.select_related("certificate__event", "person").order_by("certificate__made_at", "pk"))


def frozen(event: Event, readiness: Readiness) -> dict[str, Any]:
    """The evidence as it is now. Six queries, however many functions and people."""
    owners = {each.owner_id for check in readiness.checks for each in check.judged}
    names = Person.objects.filter(pk__among=owners - {None}).order_by().values_list("pk", "name")
    evidence = evidence_of(readiness, facts=_facts(event), programme=_programme(event), names=dict(names))
    return {**evidence, "language": translation.get_language() or settings.LANGUAGE_CODE}


def _facts(event: Event) -> dict[str, Any]:
    moments = {name: getattr(event, f"{name}_at") for name in ("load_in", "starts", "ends", "load_out")}
    people = event.parties.exclude(role=PartyRole.STAFF)
    outside = people.filter(~Q(person__kind=PersonKind.STAFF))
    return {
        "title": event.title,
        "class": str(event.class_version),
        "state": event.state,
        **{name: local_text(event, moment) for name, moment in moments.items()},
        "site": event.site.name if event.site else "",
        "owner": event.owner.name,
        "sponsor": event.sponsor.name if event.sponsor else "",
        "expected": event.expected_count,
        "guaranteed": event.guaranteed_count,
        "people": people.count(),
        "outside": outside.count(),
        "organisations": list(event.organisations.order_by("name").values_list("name", flat=True)),
    }


def _programme(event: Event) -> dict[str, str]:
    """A line for each function: when, what, where."""
    functions = functions_of(event.pk)
    rooms = _rooms([each.occurrence_id for each in functions])
    lines = {}
    for each in functions:
        occurrence = each.occurrence
        if occurrence.state != OccurrenceState.SCHEDULED:
            continue
        start, end = local_text(event, occurrence.starts_at), local_text(event, occurrence.ends_at)
        place = ", ".join(rooms.get(occurrence.pk, ())) or occurrence.meeting.location
        title = occurrence.title or occurrence.meeting.title
        lines[each.key] = " · ".join(
            part for part in (f"{start.replace('T', ' ')}–{end.partition('T')[2]}", title, place) if part
        )
    return lines


def _rooms(occurrence_ids: Collection[int]) -> Mapping[int, Sequence[str]]:
    rows = Booking.objects.filter(occurrence__among=occurrence_ids, room__isnull=False)
    rows = rows.exclude(state=BookingState.RELEASED).order_by("room__code")
    found: dict[int, list[str]] = defaultdict(list)
    for occurrence, code in rows.values_list("occurrence_id", "room__code"):
        found[occurrence].append(code)
    return found
