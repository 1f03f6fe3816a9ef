"""A date of a series that is a function of an event stays while the event needs it."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError

from convenor.base.actor import Actor
from convenor.events.models import Function
from convenor.scheduling.actions.meeting import change_meeting
from convenor.scheduling.drafts import MeetingChanges
from convenor.scheduling.models import Meeting
from tests.factories.cast import alice
from tests.factories.events import NOW, make_event
from tests.factories.scheduling import make_meeting


@pytest.mark.django_db
def test_a_change_of_the_series_that_would_drop_it_is_refused_with_the_day() -> None:
    event = make_event(alice())
    meeting = make_meeting(event.owner, rrule="FREQ=WEEKLY;COUNT=3").meeting
    *_earlier, last = meeting.occurrences.order_by("starts_at")
    Function.objects.create(event=event, key="last", number=1, occurrence=last)
    system = Actor.system("tests")
    shorter = MeetingChanges(rrule="FREQ=WEEKLY;COUNT=2")
    with pytest.raises(ValidationError, match="21 December 2026 has no place"):
        change_meeting(actor=system, meeting_id=meeting.pk, version=1, changes=shorter, now=NOW)
    assert Meeting.objects.get().rrule == "FREQ=WEEKLY;COUNT=3"
    assert meeting.occurrences.count() == 3
    longer = MeetingChanges(rrule="FREQ=WEEKLY;COUNT=4")
    change_meeting(actor=system, meeting_id=meeting.pk, version=1, changes=longer, now=NOW)
    assert meeting.occurrences.count() == 4
