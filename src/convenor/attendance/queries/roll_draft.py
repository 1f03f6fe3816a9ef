"""A roll's settings as the draft that would make them."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from convenor.attendance.drafts import AllotmentDraft, RollDraft
from convenor.attendance.enums import WaitlistRule
from convenor.attendance.models import Allotment, Roll


def draft_of(roll: Roll) -> RollDraft:
    values: dict[str, Any] = {each.name: getattr(roll, each.name) for each in fields(RollDraft)}
    return RollDraft(**values | {"waitlist_rule": WaitlistRule(roll.waitlist_rule)})


def allotment_draft_of(row: Allotment) -> AllotmentDraft:
    return AllotmentDraft(row.size, row.department_id, row.organisation_id, row.release_at)
