"""Other times that attendees propose: who may decide, what accepting does, and what overtakes them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Actor, Refused
from convenor.base.enums import Scope
from convenor.base.models import AuditEntry, OutboxMessage
from convenor.people.models import Person
from convenor.people.queries.actors import standing_in_for
from convenor.scheduling.actions.counter import accept, decline, propose
from convenor.scheduling.actions.meeting import cancel_meeting, change_meeting
from convenor.scheduling.actions.move import move_occurrence
from convenor.scheduling.drafts import MeetingChanges
from convenor.scheduling.enums import CounterState, PartStat
from convenor.scheduling.models import CounterProposal, Meeting, Occurrence, Participation
from convenor.scheduling.queries.counters import (
    counter_for,
    counter_row_for,
    counters_of_occurrence_for,
    counters_waiting_for,
    fit_of_counter_for,
)
from convenor.scheduling.refusals import RoomClashes
from tests.factories.cast import actor_of, alice, bob, charlie
from tests.factories.people import DelegationFactory, MemberFactory
from tests.factories.scheduling import NOW, check_house, make_meeting, utc
from tests.factories.venues import RoomFactory

pytestmark = pytest.mark.django_db
START, END = utc("2026-12-08 08:00"), utc("2026-12-08 09:00")  # ten o'clock on Tuesday in Bucharest


class Table:
    """Alice's meeting with Bob, who would rather come on Tuesday."""

    def __init__(self, **fields: Any) -> None:
        self.alice, self.bob = alice(), bob()
        make_meeting(self.alice, people=[self.alice, self.bob], **fields)
        self.meeting = Meeting.objects.get()
        self.occurrence = Occurrence.objects.order_by("starts_at")[0]
        self.counter: CounterProposal | None = None

    def propose(self, **fields: Any) -> CounterProposal:
        values: dict[str, Any] = {"starts_at": START, "ends_at": END, "now": NOW} | fields
        who = values.pop("person", self.bob)
        return propose(
            actor=standing_in_for(who.pk, f"{who}, by mail"),
            occurrence_id=self.occurrence.pk,
            person_id=who.pk,
            **values,
        )

    @property
    def times(self) -> tuple[Any, Any]:
        self.occurrence.refresh_from_db()
        return self.occurrence.starts_at, self.occurrence.ends_at


def states() -> list[str]:
    return list(CounterProposal.objects.order_by("pk").values_list("state", flat=True))


def test_a_proposal_waits_changes_nothing_and_is_on_record() -> None:
    table = Table()
    before = table.times
    counter = table.propose(comment="I teach on Mondays")
    assert states() == ["open"]
    assert table.times == before
    entry = AuditEntry.objects.get(action="counter.proposed")
    assert (entry.object_id, entry.actor_name) == (table.meeting.pk, "Bob, by mail")
    assert OutboxMessage.objects.get(kind="counter").payload == {"counter_id": counter.pk}


def test_accepting_moves_the_meeting_and_takes_the_proposer_as_coming() -> None:
    table = Table()
    counter = table.propose()
    accept(actor=actor_of(table.alice), counter_id=counter.pk, now=NOW)
    assert table.times == (START, END)
    assert states() == ["accepted"]
    assert Participation.objects.get(person=table.bob).partstat == PartStat.ACCEPTED
    assert OutboxMessage.objects.filter(kind="invitation", payload__method="REQUEST").count() == 2
    assert set(AuditEntry.objects.values_list("action", flat=True)) >= {"counter.accepted", "meeting.changed"}
    check_house()


def test_one_date_of_a_series_moves_alone() -> None:
    table = Table(rrule="FREQ=WEEKLY;COUNT=3")
    others = list(Occurrence.objects.order_by("starts_at").values_list("starts_at", flat=True))[1:]
    accept(actor=actor_of(table.alice), counter_id=table.propose().pk, now=NOW)
    assert table.times == (START, END)
    assert (
        list(
            Occurrence.objects.exclude(pk=table.occurrence.pk)
            .order_by("starts_at")
            .values_list("starts_at", flat=True)
        )
        == others
    )


def test_declining_tells_the_proposer_and_moves_nothing() -> None:
    table = Table()
    before, counter = table.times, table.propose()
    decline(actor=actor_of(table.alice), counter_id=counter.pk, comment="The room is gone", now=NOW)
    assert (table.times, states()) == (before, ["declined"])
    payload = OutboxMessage.objects.get(kind="counter_declined").payload
    assert payload == {"counter_id": counter.pk, "comment": "The room is gone"}
    with pytest.raises(ValidationError, match="doesn't wait"):
        accept(actor=actor_of(table.alice), counter_id=counter.pk, now=NOW)
    assert table.times == before


def test_a_clash_refuses_the_move_and_the_proposal_still_waits() -> None:
    room = RoomFactory()
    table = Table(room=room)
    make_meeting(
        MemberFactory(), room=room, title="Other", local_start=utc("2026-12-08 10:00").replace(tzinfo=None)
    )
    counter = table.propose()
    fit = fit_of_counter_for(actor_of(table.alice), counter.pk, now=NOW)
    assert not fit.fits
    with pytest.raises(RoomClashes):
        accept(actor=actor_of(table.alice), counter_id=counter.pk, now=NOW)
    assert states() == ["open"]


def test_a_newer_proposal_takes_the_place_of_the_one_that_waits() -> None:
    table = Table()
    table.propose()
    newer = table.propose(starts_at=START + timedelta(hours=2), ends_at=END + timedelta(hours=2))
    assert states() == ["stale", "open"]
    assert [row.id for row in counters_waiting_for(actor_of(table.alice), now=NOW)] == [newer.pk]


def test_a_move_or_a_cancellation_overtakes_it_and_another_title_does_not() -> None:
    table = Table()
    counter = table.propose()
    actor = actor_of(table.alice)
    change_meeting(
        actor=actor, meeting_id=table.meeting.pk, version=1, changes=MeetingChanges(title="Review"), now=NOW
    )
    assert states() == ["open"]
    move_occurrence(
        actor=actor,
        occurrence_id=table.occurrence.pk,
        version=2,
        starts_at=START + timedelta(days=1),
        ends_at=END + timedelta(days=1),
        now=NOW,
    )
    assert states() == ["stale"]
    with pytest.raises(ValidationError, match="doesn't wait"):
        accept(actor=actor, counter_id=counter.pk, now=NOW)
    table.propose()
    cancel_meeting(actor=actor, meeting_id=table.meeting.pk, version=3, now=NOW)
    assert states() == ["stale", "stale"]


def test_only_who_is_in_charge_sees_and_decides() -> None:
    table = Table(is_private=True)
    counter = table.propose(comment="a secret")
    delegate, onlooker = MemberFactory(), MemberFactory()
    DelegationFactory(principal=table.alice, delegate=delegate, scope=Scope.ACT)
    DelegationFactory(principal=table.alice, delegate=onlooker, scope=Scope.SEE)
    assert counter_row_for(actor_of(delegate), counter.pk).comment == "a secret"
    assert [row.id for row in counters_waiting_for(actor_of(delegate), now=NOW)] == [counter.pk]
    for stranger in (table.bob, charlie(), onlooker, MemberFactory()):
        assert counters_waiting_for(actor_of(stranger), now=NOW) == []
        assert counters_of_occurrence_for(actor_of(stranger), table.occurrence.pk) == []
        for act in (accept, decline):
            with pytest.raises(CounterProposal.DoesNotExist):
                act(actor=actor_of(stranger), counter_id=counter.pk, now=NOW)
    with pytest.raises(CounterProposal.DoesNotExist):
        counter_for(Actor.nobody(), counter.pk)
    assert states() == ["open"]


def test_nobody_proposes_for_another_or_for_what_they_are_not_asked_to() -> None:
    table = Table()
    outsider = charlie()
    with pytest.raises(Occurrence.DoesNotExist):
        table.propose(person=outsider)
    with pytest.raises(Refused):
        propose(
            actor=standing_in_for(table.bob.pk, "Bob"),
            occurrence_id=table.occurrence.pk,
            person_id=table.alice.pk,
            starts_at=START,
            ends_at=END,
            now=NOW,
        )
    assert states() == []


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"ends_at": START}, "ends_at"),
        ({"starts_at": START - timedelta(days=60), "ends_at": END - timedelta(days=60)}, "starts_at"),
        ({"starts_at": utc("2026-12-07 08:00"), "ends_at": utc("2026-12-07 09:00")}, "starts_at"),
        ({"now": utc("2026-12-07 09:00")}, "occurrence_id"),
    ],
    ids=["ends before it starts", "past", "the same", "over"],
)
def test_times_that_cant_be_are_refused(fields: dict[str, Any], field: str) -> None:
    table = Table()
    with pytest.raises(ValidationError) as refused:
        table.propose(**fields)
    assert list(refused.value.message_dict) == [field]
    assert states() == []


def test_three_proposals_cost_no_more_queries_than_one(django_assert_num_queries: Any) -> None:
    table = Table()
    people: list[Person] = [MemberFactory() for _ in range(3)]
    for number in (1, 3):
        for each in people[:number]:
            if not CounterProposal.objects.filter(person=each).exists():
                CounterProposal.objects.create(
                    occurrence=table.occurrence,
                    person=each,
                    starts_at=START,
                    ends_at=END,
                    instead_of_start=table.occurrence.starts_at,
                    instead_of_end=table.occurrence.ends_at,
                    received_at=NOW,
                )
        actor = actor_of(table.alice)
        with django_assert_num_queries(1):
            assert len(counters_waiting_for(actor, now=NOW)) == number
        with django_assert_num_queries(1):
            assert len(counters_of_occurrence_for(actor, table.occurrence.pk)) == number
    assert {each.state for each in CounterProposal.objects.all()} == {CounterState.OPEN}
