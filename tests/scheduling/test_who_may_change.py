"""Who may change, cancel, confirm and answer."""

from __future__ import annotations

import pytest

from convenor.base.actor import Actor, Refused
from convenor.base.enums import Scope as Delegated
from convenor.base.models import OutboxMessage
from convenor.scheduling.actions.meeting import cancel_meeting, change_meeting, confirm_meeting
from convenor.scheduling.actions.response import respond
from convenor.scheduling.drafts import MeetingChanges
from convenor.scheduling.enums import MeetingState, PartStat, Scope
from convenor.scheduling.models import Meeting, Occurrence, Participation
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import DelegationFactory, MemberFactory, PersonFactory
from tests.factories.scheduling import NOW, make_meeting

pytestmark = pytest.mark.django_db
WEEKLY = "FREQ=WEEKLY;BYDAY=MO;COUNT=4"


def test_who_may_change_a_meeting() -> None:
    organiser, teammate = bob(), MemberFactory()
    meeting = make_meeting(organiser, people=[teammate]).meeting
    changes = MeetingChanges(title="Mine now")
    for actor in (actor_of(teammate), actor_of(MemberFactory(user__role="viewer"))):
        with pytest.raises(Refused):
            change_meeting(actor=actor, meeting_id=meeting.pk, version=1, changes=changes, now=NOW)
    with pytest.raises(Meeting.DoesNotExist):
        change_meeting(actor=actor_of(charlie()), meeting_id=meeting.pk, version=1, changes=changes, now=NOW)
    change_meeting(actor=actor_of(organiser), meeting_id=meeting.pk, version=1, changes=changes, now=NOW)


def test_a_private_meeting_does_not_exist_for_others() -> None:
    meeting = make_meeting(bob(), is_private=True).meeting
    with pytest.raises(Meeting.DoesNotExist):
        cancel_meeting(actor=actor_of(MemberFactory()), meeting_id=meeting.pk, version=1, now=NOW)


def test_the_principal_confirms_what_a_delegate_proposed() -> None:
    principal, delegate, guest = alice(user__role="organiser"), bob(), PersonFactory()
    DelegationFactory(principal=principal, delegate=delegate, scope=Delegated.PROPOSE)
    meeting = make_meeting(principal, people=[guest], actor=actor_of(delegate)).meeting
    with pytest.raises(Refused):
        confirm_meeting(actor=actor_of(delegate), meeting_id=meeting.pk, version=1)
    confirm_meeting(actor=actor_of(principal), meeting_id=meeting.pk, version=1)
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.CONFIRMED
    assert OutboxMessage.objects.latest("pk").payload["person_ids"] == [guest.pk]


def test_an_attendee_answers_for_one_or_all() -> None:
    organiser, guest = alice(), bob()
    meeting = make_meeting(organiser, people=[guest], rrule=WEEKLY).meeting
    first, second, *_rest = meeting.occurrences.order_by("starts_at")

    def answer(actor: Actor, occurrence: Occurrence, partstat: PartStat, scope: Scope) -> None:
        respond(
            actor=actor,
            occurrence_id=occurrence.pk,
            person_id=guest.pk,
            partstat=partstat,
            scope=scope,
            now=NOW,
        )

    answer(actor_of(guest), first, PartStat.ACCEPTED, Scope.ALL)
    answer(actor_of(guest), second, PartStat.DECLINED, Scope.ONE)
    rows = Participation.objects.order_by("starts_at").values_list("partstat", "blocks")
    assert list(rows) == [("accepted", True), ("declined", False), ("accepted", True), ("accepted", True)]
    with pytest.raises(Refused):
        answer(actor_of(MemberFactory()), first, PartStat.ACCEPTED, Scope.ONE)
    assert OutboxMessage.objects.filter(kind="reply").count() == 2
