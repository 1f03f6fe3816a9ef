"""Answers that were written before they came in, and invitations that are sent again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Refused
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.people.queries.actors import standing_in_for
from convenor.scheduling.actions.response import OVERTAKEN, Written, respond
from convenor.scheduling.actions.sending_again import TOO_SOON, send_again
from convenor.scheduling.enums import PartStat, Scope
from convenor.scheduling.models import Meeting, Occurrence, Participation
from convenor.scheduling.queries.meetings import meetings_seen_by
from tests.factories.cast import alice, bob, charlie
from tests.factories.scheduling import NOW, make_meeting

pytestmark = pytest.mark.django_db
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def test_a_stand_in_reaches_what_the_person_is_asked_to_and_nothing_else() -> None:
    asked = make_meeting(alice(), people=[guest := bob()], is_private=True).meeting
    make_meeting(alice(email="other@example.org"), title="Not theirs")
    actor = standing_in_for(guest.pk, "Bob, by mail")
    assert [each.pk for each in meetings_seen_by(actor)] == [asked.pk]
    assert not meetings_seen_by(standing_in_for(charlie().pk, "Charlie, by mail")).exists()


def test_it_is_recorded_with_its_time_and_words() -> None:
    make_meeting(alice(), people=[guest := bob()])
    actor, occurrence = standing_in_for(guest.pk, "Bob, by mail"), Occurrence.objects.get()
    written = Written(NOW - HOUR, "Only until eleven")
    respond(
        actor=actor,
        occurrence_id=occurrence.pk,
        person_id=guest.pk,
        partstat=PartStat.TENTATIVE,
        written=written,
        now=NOW,
    )
    part = Participation.objects.get(person=guest)
    assert (part.partstat, part.answered_at, part.comment) == ("tentative", NOW - HOUR, "Only until eleven")
    assert AuditEntry.objects.get(action="meeting.answered").actor_name == "Bob, by mail"


def test_an_older_one_changes_nothing_and_one_of_the_same_moment_counts() -> None:
    make_meeting(alice(), people=[guest := bob()])
    actor, occurrence = standing_in_for(guest.pk, "Bob, by mail"), Occurrence.objects.get()
    for at, partstat in ((NOW, PartStat.ACCEPTED), (NOW, PartStat.DECLINED)):
        respond(
            actor=actor,
            occurrence_id=occurrence.pk,
            person_id=guest.pk,
            partstat=partstat,
            written=Written(at),
            now=NOW + HOUR,
        )
    with pytest.raises(ValidationError) as refused:
        respond(
            actor=actor,
            occurrence_id=occurrence.pk,
            person_id=guest.pk,
            partstat=PartStat.ACCEPTED,
            written=Written(NOW - MINUTE),
            now=NOW + HOUR,
        )
    assert [each.code for each in refused.value.error_dict["partstat"]] == [OVERTAKEN]
    assert Participation.objects.get(person=guest).partstat == PartStat.DECLINED


def test_an_answer_to_the_series_leaves_dates_alone_that_were_answered_after_it() -> None:
    make_meeting(alice(), people=[guest := bob()], rrule="FREQ=WEEKLY;COUNT=3")
    actor, dates = standing_in_for(guest.pk, "Bob, by mail"), list(Occurrence.objects.order_by("starts_at"))
    common: dict[str, Any] = {"actor": actor, "person_id": guest.pk, "now": NOW + HOUR}
    respond(occurrence_id=dates[1].pk, partstat=PartStat.DECLINED, written=Written(NOW + MINUTE), **common)
    answered = respond(
        occurrence_id=dates[0].pk,
        partstat=PartStat.ACCEPTED,
        scope=Scope.ALL,
        written=Written(NOW),
        **common,
    )
    parts = Participation.objects.filter(person=guest).order_by("starts_at")
    assert answered == 2
    assert [each.partstat for each in parts] == ["accepted", "declined", "accepted"]


def test_delegating_can_be_written_but_not_clicked_and_frees_the_time() -> None:
    make_meeting(alice(), people=[guest := bob()])
    actor, occurrence = standing_in_for(guest.pk, "Bob, by mail"), Occurrence.objects.get()
    common: dict[str, Any] = {
        "actor": actor,
        "occurrence_id": occurrence.pk,
        "person_id": guest.pk,
        "partstat": PartStat.DELEGATED,
        "now": NOW,
    }
    with pytest.raises(ValidationError):
        respond(**common)
    respond(**common, written=Written(NOW))
    part = Participation.objects.get(person=guest)
    assert (part.partstat, part.blocks) == ("delegated", False)


def test_an_invitation_is_sent_again_to_one_attendee_and_at_most_once_an_hour() -> None:
    make_meeting(alice(), people=[guest := bob(), other := alice(email="other@example.org")])
    meeting, actor = Meeting.objects.get(), standing_in_for(guest.pk, "Bob, by mail")
    OutboxMessage.objects.all().delete()
    send_again(actor=actor, meeting_id=meeting.pk, person_id=guest.pk, now=NOW)
    message = OutboxMessage.objects.get(kind="invitation")
    assert (message.payload["person_ids"], message.payload["force"]) == ([guest.pk], True)
    OutboxMessage.objects.update(created_at=NOW)
    with pytest.raises(ValidationError) as refused:
        send_again(actor=actor, meeting_id=meeting.pk, person_id=guest.pk, now=NOW + 59 * MINUTE)
    assert refused.value.code == TOO_SOON
    assert OutboxMessage.objects.count() == 1
    send_again(actor=actor, meeting_id=meeting.pk, person_id=guest.pk, now=NOW + 61 * MINUTE)
    assert OutboxMessage.objects.count() == 2
    with pytest.raises(Refused):
        send_again(actor=actor, meeting_id=meeting.pk, person_id=other.pk, now=NOW + 5 * HOUR)
    stranger = charlie()
    with pytest.raises(Meeting.DoesNotExist):
        send_again(
            actor=standing_in_for(stranger.pk, "Charlie"),
            meeting_id=meeting.pk,
            person_id=stranger.pk,
            now=NOW,
        )
