"""Cancelling many meetings at once, suspending them and taking them up again."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from convenor.base.models import OutboxMessage
from convenor.scheduling.actions.meeting import cancel_meeting
from convenor.scheduling.actions.together import (
    Revival,
    cancel_together,
    revive_together,
    suspend_together,
)
from convenor.scheduling.drafts import EquipmentDraft
from convenor.scheduling.enums import Scope
from convenor.scheduling.models import Claim, Participation
from convenor.scheduling.refusals import RoomClashes
from tests.factories.cast import actor_of, alice, bob
from tests.factories.scheduling import NOW, check_house, local, make_meeting
from tests.factories.venues import BookableUnitFactory, EquipmentFactory, RoomFactory, SiteFactory
from tests.scheduling.house import SYSTEM, WEEK, house, occurrences


@pytest.mark.django_db
def test_cancelling_together_is_as_one_by_one() -> None:
    organiser, guest = alice(), bob()
    one = make_meeting(organiser, people=[guest], room=RoomFactory(capacity=8)).meeting
    series = make_meeting(organiser, people=[guest], rrule="FREQ=WEEKLY;COUNT=3").meeting
    rows = [*occurrences(one), occurrences(series)[1]]
    with transaction.atomic():
        cancel_meeting(actor=SYSTEM, meeting_id=one.pk, version=1, now=NOW)
        rid = rows[1].recurrence_id
        cancel_meeting(
            actor=SYSTEM, meeting_id=series.pk, version=1, scope=Scope.ONE, recurrence_id=rid, now=NOW
        )
        expected = house()
        transaction.set_rollback(True)
    cancel_together(actor=SYSTEM, occurrence_ids=[row.pk for row in rows])
    assert house() == expected
    with pytest.raises(ValidationError, match="is cancelled"):
        cancel_together(actor=SYSTEM, occurrence_ids=[rows[0].pk])


@pytest.mark.django_db
def test_suspended_meetings_come_back_under_their_uid_with_their_rooms() -> None:
    organiser, guest, site = alice(), bob(), SiteFactory()
    room, kind = RoomFactory(site=site, capacity=8), EquipmentFactory()
    BookableUnitFactory.create_batch(2, site=site, equipment=kind)
    one = make_meeting(
        organiser, people=[organiser, guest], room=room, equipment=(EquipmentDraft(kind.pk, 2, site.pk),)
    ).meeting
    series = make_meeting(organiser, people=[guest], rrule="FREQ=WEEKLY;COUNT=3").meeting
    rows, actor = [*occurrences(one), occurrences(series)[1]], actor_of(organiser)
    before = house()
    OutboxMessage.objects.all().delete()

    parked = suspend_together(actor=actor, occurrence_ids=[row.pk for row in rows])
    check_house()
    assert not Claim.objects.filter(is_active=True).exists()
    assert not Participation.objects.filter(occurrence__in=rows, blocks=True).exists()
    told = OutboxMessage.objects.order_by("pk")
    assert [each.payload["method"] for each in told] == ["CANCEL", "CANCEL"]
    assert {len(parked[row.pk]) for row in rows} == {2, 0}

    revivals = [Revival(row.pk, row.starts_at + WEEK, row.ends_at + WEEK, parked[row.pk]) for row in rows]
    revive_together(actor=actor, revivals=revivals, now=NOW)
    check_house()
    one.refresh_from_db()
    series.refresh_from_db()
    assert (one.state, one.sequence, one.local_start) == ("confirmed", 2, local("2026-12-14 10:00"))
    assert (series.exdates, series.state) == ([], "confirmed")
    last = told.last()
    assert last is not None
    assert (last.payload["method"], last.payload["sequence"]) == ("REQUEST", 2)
    blocked = Participation.objects.filter(occurrence__in=rows).values_list("person", "blocks", "partstat")
    assert set(blocked) >= {(guest.pk, True, "needs-action"), (organiser.pk, True, "accepted")}
    assert Claim.objects.filter(is_active=True).count() == 3
    assert before != house()


@pytest.mark.django_db
def test_a_room_given_away_meanwhile_is_told_and_another_may_be_chosen() -> None:
    organiser, site = alice(), SiteFactory()
    room, spare = RoomFactory(site=site, capacity=8), RoomFactory(site=site, capacity=8)
    (row,), actor = occurrences(make_meeting(organiser, room=room).meeting), actor_of(organiser)
    parked = suspend_together(actor=actor, occurrence_ids=[row.pk])
    make_meeting(organiser, room=room, title="Quicker")
    revivals = [Revival(row.pk, row.starts_at, row.ends_at, parked[row.pk])]
    with pytest.raises(RoomClashes, match="Quicker") as clashing:
        revive_together(actor=actor, revivals=revivals, now=NOW)
    (clash,) = clashing.value.clashes
    assert (clash.booking_id, clash.best and clash.best.room_id) == (*parked[row.pk], spare.pk)
    revive_together(actor=actor, revivals=revivals, rooms={clash.booking_id or 0: spare.pk}, now=NOW)
    check_house()
    with pytest.raises(ValidationError, match="takes place"):
        revive_together(actor=actor, revivals=revivals, now=NOW)
