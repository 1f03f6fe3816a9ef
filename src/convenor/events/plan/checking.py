"""Everything that is wrong with a plan, from a misspelt key to a room that is too small."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.events import registry
from convenor.events.plan.cover_values import FIELDS, check_names, event_draft
from convenor.events.plan.keys import Values
from convenor.events.plan.laying import Plan, lay_plan
from convenor.events.queries.drafts import event_draft_of
from convenor.events.queries.named import facts_of
from convenor.events.rules.event import problems_of
from convenor.events.rules.toml_reading import Problem, TomlProblems

PEOPLE = ("owner", "sponsor", "budget_holder")


class PlanErrors(TomlProblems):
    """Everything that keeps a file from being applied, in the order of its lines."""


def check_plan(actor: Actor, text: str, *, now: datetime, prune: bool = False) -> Plan:
    """The plan, checked against what the actor may see; what was found is in its source. Raises PlanErrors
    for what isn't TOML or has mistakes without end.
    """
    try:
        plan = lay_plan(actor, text, now=now, prune=prune)
        _check_cover(plan)
        for section in registry.plan_sections:
            section.check(plan)
    except TomlProblems as error:
        raise PlanErrors(error.problems) from None
    return plan


def sound_plan(actor: Actor, text: str, *, now: datetime, prune: bool = False) -> Plan:
    """The plan, if it can be applied. Raises PlanErrors."""
    plan = check_plan(actor, text, now=now, prune=prune)
    if errors := problems_in(plan):
        raise PlanErrors(errors)
    return plan


def problems_in(plan: Plan) -> list[Problem]:
    """The errors in the order of their lines, each once."""
    return list(dict.fromkeys(plan.document.source.errors()))


def warnings_in(plan: Plan) -> list[Problem]:
    return list(dict.fromkeys(plan.document.source.warnings()))


def _check_cover(plan: Plan) -> None:
    cover, names = plan.cover.values, plan.names
    good = check_names(plan.document, names, cover)
    for key in PEOPLE:
        email, before = cover[key], plan.cover.before or {}
        if email and email != before.get(key):
            good = plan.knows_person(("event", key), email) and good
    if not cover["owner"]:
        plan.wrong(("event", "owner"), _("Say who coordinates it: owner = “somebody's e-mail”."))
    if good and _is_whole(cover):
        draft = event_draft(cover, names)
        was = event_draft_of(plan.event) if plan.event else None
        facts = facts_of(draft, actor=plan.actor, event=plan.event, before=was)
        for field, sentences in problems_of(draft, facts).items():
            for sentence in sentences:
                plan.wrong(("event", FIELDS.get(field, field)), sentence)


def _is_whole(cover: Values) -> bool:
    return all(cover[key] for key in ("key", "title", "class", "owner"))
