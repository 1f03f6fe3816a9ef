"""What the table of states asks of an event, read from its rows. The caller has checked that the actor may see it."""

from __future__ import annotations

from datetime import datetime

from convenor.events.enums import UNDONE, Anchor, Decision, EventState, Level
from convenor.events.models import Certificate, Event, Function, Task
from convenor.events.queries.classes import policy_of
from convenor.events.queries.readiness import readiness_of
from convenor.events.rules.dates import anchor_day, local_in, local_text
from convenor.events.rules.readiness import Readiness
from convenor.events.rules.states import Dossier


def dossier_of(
    event: Event, now: datetime, *, reason: str = "", readiness: Readiness | None = None
) -> Dossier:
    """4 queries, and those of its readiness where that isn't given."""
    known = readiness if readiness is not None else readiness_of([event.pk], now)[event.pk]
    policy = policy_of(event.class_version)
    today = local_in(event.zone, now)
    assert today is not None  # `now` isn't
    return Dossier(
        event_id=event.pk,
        state=EventState(event.state),
        resumes_to=event.resumes_to,
        owner_is_active=event.owner.is_active,
        starts_at=event.starts_at,
        ends_at=event.ends_at,
        load_in_day=anchor_day(event, Anchor.LOAD_IN),
        today=today.date(),
        now=now,
        has_sponsor=event.sponsor_id is not None,
        needs_sponsor=policy.needs_sponsor,
        functions=Function.objects.filter(event=event).count(),
        blocking=blocking_in(known),
        needs_certificate=policy.needs_certificate,
        has_go=has_go(event),
        undone_tasks=Task.objects.filter(event=event, state__in=UNDONE).count(),
        actual_count=event.actual_count,
        reason=reason,
    )


def blocking_in(readiness: Readiness) -> tuple[str, ...]:
    """The sentences of what blocks, worst check first."""
    return tuple(
        judged.finding.sentence
        for check in readiness.checks
        for judged in check.judged
        if judged.level == Level.BLOCKING
    )


def _is_for_these_dates(certificate: Certificate, event: Event) -> bool:
    """A go for other dates says nothing of these: who would be there, which rooms, what is ready."""
    facts = certificate.evidence.get("facts", {})
    now = {name: local_text(event, getattr(event, f"{name}_at")) for name in ("starts", "ends")}
    return all(facts.get(name, text) == text for name, text in now.items())


def has_go(event: Event) -> bool:
    """Whether all who were to sign the newest certificate have, none with a no, and it is for the dates of now. 2 queries."""
    newest = Certificate.objects.filter(event=event).order_by("-number").first()
    if newest is None or not _is_for_these_dates(newest, event):
        return False
    decisions = list(newest.sign_offs.order_by().values_list("decision", flat=True))
    return bool(decisions) and set(decisions) <= {Decision.GO, Decision.CONDITIONS}
