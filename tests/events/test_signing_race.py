"""A person and their delegates press the button at the same time."""

from __future__ import annotations

import pytest

from convenor.base.models import AuditEntry
from convenor.events.actions.certificate import draw_up
from convenor.events.models import SignOff
from tests import child
from tests.factories import cast
from tests.factories.events import make_event
from tests.factories.scheduling import NOW

SIGNERS = 6


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_one_decision_stands() -> None:
    alice = cast.alice()
    event = make_event(alice)
    certificate = draw_up(actor=cast.actor_of(alice), event_id=event.pk, now=NOW)
    decisions = ["go", "no_go", "conditions"] * (SIGNERS // 3)
    process = child.start(
        "tests.events.signing:race",
        certificate_id=certificate.pk,
        person_id=alice.pk,
        decisions=decisions,
    )
    assert child.answer(process) == {"signed": 1, "refused": SIGNERS - 1}
    assert SignOff.objects.exclude(decision="").count() == 1
    assert AuditEntry.objects.filter(action="event.sign").count() == 1
