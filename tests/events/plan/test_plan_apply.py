from __future__ import annotations

import pytest

from convenor.base.models import AuditEntry, OutboxMessage
from convenor.events.models import Event
from convenor.events.plan.applying import apply_plan
from convenor.events.plan.checking import check_plan, problems_in
from convenor.events.plan.writing import export_plan
from tests.factories.plans import NOW, PLAN, make_company

pytestmark = pytest.mark.django_db


def test_it_all() -> None:
    company = make_company()
    plan = check_plan(company.actor, PLAN, now=NOW)
    assert [str(each) for each in problems_in(plan)] == []
    applied = apply_plan(actor=company.actor, text=PLAN, now=NOW)
    assert applied.event == Event.objects.get(key="away-day")
    before = AuditEntry.objects.count(), OutboxMessage.objects.count()
    again = apply_plan(actor=company.actor, text=PLAN, now=NOW)
    assert again.differences.changes == ()
    assert (AuditEntry.objects.count(), OutboxMessage.objects.count()) == before
    text = export_plan(company.actor, "away-day")
    third = apply_plan(actor=company.actor, text=text, now=NOW)
    assert third.differences.changes == ()
    assert export_plan(company.actor, "away-day") == text
