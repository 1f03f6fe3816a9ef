"""Drawing up and signing go/no-go certificates, and waiving what isn't met."""

from __future__ import annotations

from datetime import timedelta
from itertools import product

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.utils import translation

from convenor.base.actor import Actor, Refused
from convenor.base.changes import sentences
from convenor.base.enums import Role, Scope
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.actions.certificate import draw_up, sign
from convenor.events.actions.waiver import waive, withdraw_waiver
from convenor.events.enums import Confidentiality, Decision, EventState, Level, Outcome, PartyRole
from convenor.events.models import Certificate, Event, Party, SignOff, Waiver
from convenor.events.queries.certificates import certificate_for, certificates_for, waiting_for
from convenor.events.queries.readiness import readiness_of
from convenor.events.rules.certificate import Part, changes_since, outcome_of
from convenor.people.models import Person
from tests.factories import cast
from tests.factories.events import make_class, make_event, make_function
from tests.factories.people import DelegationFactory, MemberFactory
from tests.factories.scheduling import NOW
from tests.factories.venues import RoomFactory

SIGNED = """
title = { en = "Board", ro = "Consiliu" }
needs_sponsor = true
needs_certificate = true
signers = ["owner", "sponsor", "chair"]
[[checks]]
code = "rooms_confirmed"
[[checks]]
code = "chair_present"
"""


def member(email: str, name: str, **fields: object) -> Person:
    made = MemberFactory.create(email=email, name=name, **fields)
    assert isinstance(made, Person)
    return made


@pytest.fixture
def alice(db: None) -> Person:
    return cast.alice()


@pytest.fixture
def radu(db: None) -> Person:
    return member("radu@example.org", "Radu")


@pytest.fixture
def ana(db: None) -> Person:
    return member("ana@example.org", "Ana")


@pytest.fixture
def event(alice: Person, radu: Person, ana: Person) -> Event:
    made = make_event(alice, class_version=make_class("board", SIGNED), sponsor=radu)
    Party.objects.create(event=made, person=ana, role=PartyRole.CHAIR)
    return made


def drawn(event: Event) -> Certificate:
    return draw_up(actor=cast.actor_of(event.owner), event_id=event.pk, note="For Monday", now=NOW)


def signed(certificate: Certificate, person: Person, decision: str = "go", remark: str = "") -> Outcome:
    return sign(
        actor=cast.actor_of(person),
        certificate_id=certificate.pk,
        person_id=person.pk,
        decision=decision,
        remark=remark,
        now=NOW,
    )


def refusal(error: pytest.ExceptionInfo[ValidationError]) -> dict[str, list[str]]:
    return sentences(error.value)


def test_it_names_who_signs_and_freezes_what_is_known(event: Event, radu: Person, ana: Person) -> None:
    certificate = drawn(event)
    assert certificate.number == 1
    assert [(row.person.name, row.role) for row in certificate.sign_offs.all()] == [
        ("Alice", "owner"),
        ("Radu", "sponsor"),
        ("Ana", "chair"),
    ]
    assert certificate.evidence["facts"]["title"] == "Away day"
    assert certificate.evidence["facts"]["starts"] == "2026-12-07T09:00"
    checks = {each["code"]: each for each in certificate.evidence["checks"]}
    assert checks["rooms_confirmed"]["findings"][0]["sentence"] == "Nothing is in the programme yet."
    assert {each.payload["to"][0] for each in OutboxMessage.objects.filter(key__contains=":sign:")} == {
        "alice@example.org",
        "radu@example.org",
        "ana@example.org",
    }
    assert AuditEntry.objects.get(action="event.certify").after["signers"] == [
        event.owner_id,
        radu.pk,
        ana.pk,
    ]


def test_the_database_keeps_it_as_it_was(event: Event) -> None:
    certificate = drawn(event)
    with pytest.raises(DatabaseError), transaction.atomic():
        Certificate.objects.filter(pk=certificate.pk).update(evidence={})


def test_a_missing_signer_is_named(event: Event) -> None:
    Party.objects.all().delete()
    Event.objects.update(sponsor=None)
    with pytest.raises(ValidationError) as error:
        drawn(event)
    assert refusal(error) == {"signers": ["Nobody is named who could sign as: Sponsor, Chair."]}
    assert not Certificate.objects.exists()


def test_a_class_without_signers_leaves_it_to_coordinator_and_sponsor(alice: Person, radu: Person) -> None:
    event = make_event(alice, sponsor=radu)
    assert [row.person_id for row in drawn(event).sign_offs.all()] == [alice.pk, radu.pk]
    alone = make_event(alice, key="alone")
    assert [row.person_id for row in drawn(alone).sign_offs.all()] == [alice.pk]


def test_one_person_in_two_roles_signs_once(event: Event, radu: Person) -> None:
    Event.objects.update(sponsor=event.owner)
    event.refresh_from_db()
    assert [row.role for row in drawn(event).sign_offs.all()] == ["owner", "chair"]


def test_without_dates_there_is_nothing_to_decide(alice: Person) -> None:
    event = make_event(alice, state=EventState.ENQUIRY, starts_at=None, ends_at=None)
    with pytest.raises(ValidationError, match="no dates in force"):
        drawn(event)
    Event.objects.update(state=EventState.POSTPONED, starts_at=NOW, ends_at=NOW + timedelta(days=1))
    with pytest.raises(ValidationError, match="no dates in force"):
        drawn(event)


def test_all_must_sign_before_it_is_a_go(event: Event, radu: Person, ana: Person) -> None:
    certificate = drawn(event)
    assert signed(certificate, event.owner) == Outcome.OPEN
    assert signed(certificate, radu, "conditions", "If the lift works") == Outcome.OPEN
    assert not OutboxMessage.objects.filter(key__contains=":conditions:").exists()
    assert signed(certificate, ana) == Outcome.CONDITIONS
    assert OutboxMessage.objects.get(key__contains=":conditions:").payload["to"] == ["alice@example.org"]


def test_one_no_is_a_no_at_once(event: Event, radu: Person, ana: Person) -> None:
    certificate = drawn(event)
    with pytest.raises(ValidationError) as error:
        signed(certificate, radu, "no_go", "  ")
    assert refusal(error) == {"remark": ["Say why not."]}
    assert signed(certificate, radu, "no_go", "No quorum") == Outcome.NO_GO
    assert signed(certificate, ana) == Outcome.NO_GO
    assert OutboxMessage.objects.filter(key__contains=":no_go:").count() == 1


@pytest.mark.parametrize(
    ("decision", "remark", "field"),
    [
        ("", "", "decision"),
        ("perhaps", "", "decision"),
        ("conditions", "", "remark"),
        ("go", "x" * 301, "remark"),
    ],
)
def test_what_can_t_be_signed(event: Event, decision: str, remark: str, field: str) -> None:
    certificate = drawn(event)
    with pytest.raises(ValidationError) as error:
        signed(certificate, event.owner, decision, remark)
    assert set(refusal(error)) == {field}
    assert not SignOff.objects.exclude(decision="").exists()


def test_nobody_signs_twice_or_an_old_one(event: Event, radu: Person) -> None:
    first = drawn(event)
    signed(first, event.owner)
    with pytest.raises(ValidationError, match="signed already"):
        signed(first, event.owner, "no_go", "Changed my mind")
    second = drawn(event)
    assert second.number == 2
    with pytest.raises(ValidationError, match="newer certificate"):
        signed(first, radu)
    assert signed(second, radu) == Outcome.OPEN


def test_only_who_is_named_signs(event: Event) -> None:
    certificate = drawn(event)
    bob, charlie = cast.bob(), cast.charlie()
    with pytest.raises(ValidationError, match="isn't among those"):
        signed(certificate, bob)
    with pytest.raises(Certificate.DoesNotExist):
        signed(certificate, charlie)
    with pytest.raises(Certificate.DoesNotExist):
        certificate_for(cast.actor_of(charlie), certificate.pk, NOW)
    assert certificates_for(cast.actor_of(charlie), event.pk) == []
    assert waiting_for(cast.actor_of(charlie), event.owner_id) == []


def sign_for(person: Person, actor: Actor, certificate: Certificate) -> Outcome:
    return sign(actor=actor, certificate_id=certificate.pk, person_id=person.pk, decision="go", now=NOW)


def test_a_delegate_signs_in_the_principal_s_name(event: Event, radu: Person) -> None:
    elena = member("elena@example.org", "Elena")
    certificate = drawn(event)
    with pytest.raises(Refused):
        sign_for(radu, cast.actor_of(elena), certificate)
    DelegationFactory.create(principal=radu, delegate=elena, scope=Scope.PROPOSE)
    with pytest.raises(Refused):
        sign_for(radu, cast.actor_of(elena), certificate)
    DelegationFactory._meta.model.objects.update(scope=Scope.ACT)
    sign_for(radu, cast.actor_of(elena), certificate)
    row = SignOff.objects.get(person=radu)
    assert (row.decision, row.signed_by_name) == ("go", "Elena for Radu")
    entry = AuditEntry.objects.get(action="event.sign")
    assert (entry.actor_name, entry.on_behalf_of) == ("Elena", "Radu")


def test_a_confidential_one_can_be_signed_by_who_is_named_and_seen_by_no_other(
    event: Event, radu: Person
) -> None:
    Event.objects.update(confidentiality=Confidentiality.CONFIDENTIAL)
    certificate = drawn(event)
    assert signed(certificate, radu) == Outcome.OPEN
    with pytest.raises(Certificate.DoesNotExist):
        certificate_for(cast.actor_of(cast.bob()), certificate.pk, NOW)


def test_what_changed_since_is_shown_against_it(event: Event, radu: Person) -> None:
    room = RoomFactory.create(code="A1")
    make_function(event, key="board", meeting={"title": "Board", "room": room})
    certificate = drawn(event)
    seen = cast.actor_of(event.owner)
    assert certificate_for(seen, certificate.pk, NOW).changes == ()
    Event.objects.update(title="Board meeting", expected_count=14)
    make_function(event, key="lunch", meeting={"title": "Lunch"})
    changes = certificate_for(seen, certificate.pk, NOW).changes
    assert [(each.part, each.code, each.before, each.after) for each in changes] == [
        (Part.FACT, "title", "Away day", "Board meeting"),
        (Part.FACT, "expected", None, 14),
        (Part.PROGRAMME, "lunch", None, "2026-12-07 10:00–11:00 · Lunch"),
        (
            Part.FINDING,
            "sheets_acknowledged",
            "The function sheet of “Board” isn't issued yet.",
            "2 function sheets aren't issued yet.",
        ),
        (Part.CHECK, "rooms_confirmed", "ok", "blocking"),
        (Part.FINDING, "rooms_confirmed", None, "“Lunch” has no place."),
    ]


def test_the_same_in_another_language_has_not_changed(event: Event) -> None:
    make_function(event, key="lunch", meeting={"title": "Lunch"})
    certificate = drawn(event)
    with translation.override("ro"):
        assert certificate_for(cast.actor_of(event.owner), certificate.pk, NOW).changes == ()
    with translation.override("ro"):
        second = drawn(event)
    assert second.evidence["language"] == "ro"
    assert certificate_for(cast.actor_of(event.owner), second.pk, NOW).changes == ()


def test_who_has_to_sign_finds_it(event: Event, radu: Person) -> None:
    first, second = drawn(event), drawn(event)
    assert [row.certificate_id for row in waiting_for(cast.actor_of(radu), radu.pk)] == [second.pk]
    view = certificate_for(cast.actor_of(radu), second.pk, NOW)
    assert [row.person_id for row in view.may_sign] == [radu.pk]
    assert certificate_for(cast.actor_of(radu), first.pk, NOW).may_sign == ()
    signed(second, radu)
    assert waiting_for(cast.actor_of(radu), radu.pk) == []


@pytest.mark.parametrize("decisions", list(product(["", "go", "conditions", "no_go"], repeat=2)))
def test_what_decisions_come_to(decisions: tuple[str, str]) -> None:
    outcome = outcome_of(decisions)
    assert (outcome == Outcome.NO_GO) == (Decision.NO_GO in decisions)
    assert (outcome == Outcome.GO) == (set(decisions) == {"go"})
    assert (outcome == Outcome.OPEN) == ("" in decisions and "no_go" not in decisions)
    assert outcome_of(tuple(reversed(decisions))) == outcome


def test_nothing_signed_is_no_go_ahead() -> None:
    assert outcome_of(()) == Outcome.OPEN


def test_the_same_has_not_changed() -> None:
    evidence = {"facts": {"title": "A"}, "programme": {}, "checks": []}
    assert changes_since(evidence, evidence) == ()


def waived(event: Event, actor: Actor, **fields: str) -> Waiver:
    given = {"check": "chair_present", "reason": "No chair is needed."} | fields
    return waive(actor=actor, event_id=event.pk, now=NOW, **given)


def level(event: Event, code: str) -> Level:
    check = readiness_of([event.pk], NOW)[event.pk].of(code)
    assert check is not None
    return check.level


def test_a_waiver_says_who_and_why_and_can_be_withdrawn(event: Event) -> None:
    Party.objects.all().delete()
    actor = cast.actor_of(event.owner)
    waiver = waived(event, actor)
    assert (waiver.waiver_name, waiver.waived_by_id) == ("Alice", event.owner_id)
    assert level(event, "chair_present") == Level.WAIVED
    again = waived(event, actor, reason="It chairs itself.")
    assert (again.pk, Waiver.objects.get().reason) == (waiver.pk, "It chairs itself.")
    withdraw_waiver(actor=actor, event_id=event.pk, waiver_id=waiver.pk)
    assert level(event, "chair_present") == Level.BLOCKING
    actions = list(AuditEntry.objects.filter(object_type="events.waiver").values_list("action", flat=True))
    assert sorted(actions) == ["event.waive", "event.waive", "event.withdraw_waiver"]


@pytest.mark.parametrize(
    ("given", "field"),
    [({"reason": " "}, "reason"), ({"check": "nonsense"}, "check"), ({"subject": "lunch"}, "check")],
)
def test_what_can_t_be_waived(event: Event, given: dict[str, str], field: str) -> None:
    Party.objects.all().delete()
    with pytest.raises(ValidationError) as error:
        waived(event, cast.actor_of(event.owner), **given)
    assert set(refusal(error)) == {field}
    assert not Waiver.objects.exists()


def test_only_who_runs_the_event_waives_and_certifies(event: Event, radu: Person) -> None:
    Party.objects.all().delete()
    bob, charlie = cast.bob(), cast.charlie()
    for action in (waived, lambda each, actor: draw_up(actor=actor, event_id=each.pk, now=NOW)):
        with pytest.raises(Refused):
            action(event, cast.actor_of(bob))
        with pytest.raises(Event.DoesNotExist):
            action(event, cast.actor_of(charlie))
    waiver = waived(event, cast.actor_of(radu))
    with pytest.raises(Refused):
        withdraw_waiver(actor=cast.actor_of(bob), event_id=event.pk, waiver_id=waiver.pk)
    other = make_event(member("o@example.org", "O", user__role=Role.COORDINATOR), key="other")
    with pytest.raises(Waiver.DoesNotExist):
        withdraw_waiver(actor=cast.actor_of(other.owner), event_id=other.pk, waiver_id=waiver.pk)


def test_a_delegate_waives_in_the_sponsor_s_name(event: Event, radu: Person) -> None:
    Party.objects.all().delete()
    elena = member("elena@example.org", "Elena")
    DelegationFactory.create(principal=radu, delegate=elena)
    assert waived(event, cast.actor_of(elena)).waiver_name == "Elena for Radu"
    assert AuditEntry.objects.get(action="event.waive").on_behalf_of == "Radu"


def test_an_event_that_is_over_is_left_alone(event: Event) -> None:
    certificate = drawn(event)
    Event.objects.update(state=EventState.CANCELLED)
    with pytest.raises(ValidationError, match="can't be changed any more"):
        drawn(event)
    with pytest.raises(ValidationError, match="nothing to decide any more"):
        signed(certificate, event.owner)


def test_who_has_left_is_not_waited_for(alice: Person, radu: Person, ana: Person) -> None:
    event = make_event(alice, sponsor=radu, class_version=make_class(text=SIGNED))
    Party.objects.create(event=event, person=ana, role="chair")
    Person.objects.filter(pk=ana.pk).update(is_active=False)
    with pytest.raises(ValidationError, match=r"Nobody is named who could sign as: .*[Cc]hair"):
        draw_up(actor=cast.actor_of(alice), event_id=event.pk, now=NOW)
