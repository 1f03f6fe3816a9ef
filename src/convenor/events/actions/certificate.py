"""Drawing up a go/no-go certificate, and signing it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from convenor.base import audit
from convenor.base.actor import Actor
from convenor.base.changes import columns, row_problems, save_row
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.events.actions.opening import named_for, open_event
from convenor.events.actions.telling import mail_people
from convenor.events.actions.waiver import name_on_record
from convenor.events.enums import OVER, EventState, Outcome, OwnerRole
from convenor.events.models import Certificate, Event, SignOff
from convenor.events.queries.certificates import frozen
from convenor.events.queries.classes import policy_of
from convenor.events.queries.people_of import active_by_role
from convenor.events.queries.readiness import readiness_of
from convenor.events.queries.visibility import events_seen_by
from convenor.events.rules.certificate import outcome_of, signing_problem

DATELESS = (EventState.POSTPONED,)


@action
def draw_up(*, actor: Actor, event_id: int, note: str = "", now: datetime) -> Certificate:
    """Freeze what is known now and name who signs; they are told.

    Raises ValidationError for an event without dates in force, and where the class names a signer whom the event lacks.
    """
    event = open_event(actor, event_id, None, verb="event.certify")
    actor = named_for(actor, event)
    if event.starts_at is None or event.state in DATELESS:
        raise ValidationError(
            {"event": [_("There is nothing to decide yet: the event has no dates in force.")]}
        )
    signers = _signers(event)
    readiness = readiness_of([event.pk], now)[event.pk]
    certificate = Certificate(
        event=event,
        number=1 + event.certificates.count(),
        evidence=frozen(event, readiness),
        note=note.strip(),
        made_at=now,
        made_by_id=actor.person_id,
    )
    if problems := row_problems(certificate):
        raise ValidationError(problems)
    certificate.save(force_insert=True)
    SignOff.objects.bulk_create(
        SignOff(certificate=certificate, person_id=person, role=role) for person, role in signers.items()
    )
    after = audit.snapshot(certificate, set(columns(certificate)) - {"evidence"})
    audit.record(actor=actor, action="event.certify", obj=event, after={**after, "signers": list(signers)})
    mail_people(signers, key=f"certificate:{certificate.pk}:sign", words=lambda: _asking(certificate))
    return certificate


@action
def sign(
    *, actor: Actor, certificate_id: int, person_id: int, decision: str, remark: str = "", now: datetime
) -> Outcome:
    """Sign in one's own or a principal's name; what the certificate comes to with it. Who coordinates is told once it is decided.

    Raises Certificate.DoesNotExist, Refused, and ValidationError for who isn't named or what can't be signed any more.
    """
    event = _locked(actor, certificate_id)
    certificate = Certificate.objects.get(pk=certificate_id)
    require(actor, "event.sign", person_id)
    row = SignOff.objects.select_related("person").filter(certificate=certificate, person=person_id).first()
    if row is None:
        raise ValidationError({"person": [_("This person isn't among those who sign it.")]})
    if event.state in OVER:
        raise ValidationError({"decision": [_("The event is over; there is nothing to decide any more.")]})
    is_newest = not event.certificates.filter(number__gt=certificate.number).exists()
    if problem := signing_problem(decision, remark, signed=row.decision, is_newest=is_newest):
        raise ValidationError({problem[0]: [problem[1]]})
    if actor.person_id != person_id:
        actor = actor.acting_for(person_id, row.person.name)
    before = outcome_of(_decisions(certificate))
    by = name_on_record(actor) if actor.on_behalf_of_name else ""
    changes = {"decision": decision, "remark": remark, "signed_at": now, "signed_by_name": by}
    save_row(actor=actor, action="event.sign", row=row, changes=changes)
    outcome = outcome_of(_decisions(certificate))
    if outcome not in {before, Outcome.OPEN}:
        key = f"certificate:{certificate.pk}:{outcome}"
        mail_people([event.owner_id], key=key, words=lambda: _decided(certificate, outcome))
    return outcome


def _locked(actor: Actor, certificate_id: int) -> Event:
    """The certificate's event: whoever signs needn't run it, so that open_event won't do."""
    event_id = Certificate.objects.filter(pk=certificate_id).values_list("event_id", flat=True).first()
    rows = events_seen_by(actor).select_for_update(no_key=True, of=("self",))
    event = rows.filter(pk=event_id).first() if event_id else None
    if event is None:
        raise Certificate.DoesNotExist
    return event


def _decisions(certificate: Certificate) -> list[str]:
    return list(certificate.sign_offs.order_by("pk").values_list("decision", flat=True))


def _signers(event: Event) -> Mapping[int, OwnerRole]:
    """Who signs and as what, each person once, nobody who has left; without any in the class the coordinator, and the sponsor if there is one."""
    named = active_by_role(event)
    roles = policy_of(event.class_version).signers
    if not roles:
        roles = tuple(role for role in (OwnerRole.OWNER, OwnerRole.SPONSOR) if named[role])
    if missing := [role for role in roles if not named[role]]:
        sentence = _("Nobody is named who could sign as: %(roles)s.")
        words = ", ".join(str(role.label) for role in missing)
        raise ValidationError({"signers": [sentence % {"roles": words}]})
    signers: dict[int, OwnerRole] = {}
    for role in roles:
        for person in named[role]:
            signers.setdefault(person, role)
    return signers


def _asking(certificate: Certificate) -> tuple[str, str]:
    title = certificate.event.title
    text = _("You are asked to decide whether “%(title)s” can go ahead.") % {"title": title}
    return _("Go or no-go: %(title)s") % {"title": title}, _with_link(text, certificate)


def _decided(certificate: Certificate, outcome: Outcome) -> tuple[str, str]:
    words = {"title": certificate.event.title, "outcome": outcome.label}
    subject = _("%(outcome)s: %(title)s") % words
    text = _("The certificate of “%(title)s” is decided: %(outcome)s.") % words
    return capfirst(subject), _with_link(text, certificate)


def _with_link(text: str, certificate: Certificate) -> str:
    return f"{text}\n\n{settings.PUBLIC_URL}/events/certificates/{certificate.pk}/\n"
