"""An event class as TOML: the text that coordinators edit, read into a Policy. docs/event-classes.md describes the format."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from decimal import Decimal
from typing import TypeVar

from django.utils.translation import gettext as _

from convenor.events.enums import Confidentiality, FunctionKind, Level, Occasion, OwnerRole
from convenor.events.rules.due_text import due_in
from convenor.events.rules.policy import (
    CheckPolicy,
    CostPolicy,
    Due,
    FunctionPolicy,
    HazardPolicy,
    InsurancePolicy,
    MeetingPolicy,
    Policy,
    TaskPolicy,
    Text,
)
from convenor.events.rules.toml_reading import Problem, Table, TomlProblems, did_you_mean, opened
from convenor.kernel.backward_plan import cycle_in
from convenor.venues.enums import SetupStyle

DRIVERS = ("event", "day", "person", "person_day", "function", "room_day", "speaker", "hour")
"""What a default cost is multiplied by."""
COVERAGES = (
    *("public_liability", "employers_liability", "professional_indemnity", "property"),
    *("cancellation", "accident", "travel", "vehicles"),
)
"""Kinds of insurance."""
LEVELS = {"blocking": Level.BLOCKING, "attention": Level.ATTENTION}
PRE_AND_POST = {"pre_event": FunctionKind.PRE_EVENT, "post_event": FunctionKind.POST_EVENT}
PROGRAMME = {kind.value: kind for kind in FunctionKind if kind.value not in PRE_AND_POST}
NINE_TO_FIVE = (time(9), time(17))
LONGEST_TITLE = 200
LONGEST_LINE = 200
LONGEST_KEY = 60
LONGEST_TASK = 250
MOST_LINES = 100
MOST_ITEMS = 500
"""Of tasks, functions and so on in one class."""
_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_CURRENCY = re.compile(r"[A-Z]{3}")
T = TypeVar("T", TaskPolicy, FunctionPolicy, MeetingPolicy)


class PolicyErrors(TomlProblems):
    """Everything that keeps a text from being a class."""


@dataclass(frozen=True, slots=True)
class PolicyReading:
    """A class that was read, and what in it is worth a second look."""

    policy: Policy
    warnings: Sequence[Problem] = ()


def policy_from(text: str) -> Policy:
    """The class. Raises PolicyErrors."""
    return read_policy(text).policy


def read_policy(text: str, known_checks: Collection[str] | None = None) -> PolicyReading:
    """The class; a check that isn't among the known ones is a warning, since its package may come later. Raises PolicyErrors."""
    try:
        document = opened(text)
        policy = _policy(document)
        document.finish()
    except TomlProblems as error:
        raise PolicyErrors(error.problems) from None
    _warn_of_unknown_checks(document, policy, known_checks)
    if errors := document.source.errors():
        raise PolicyErrors(errors)
    return PolicyReading(policy, document.source.warnings())


def _policy(table: Table) -> Policy:
    policy = Policy(
        title=text_in(table, "title", longest=LONGEST_TITLE),
        summary=text_in(table, "summary", Text(""), longest=1_000),
        confidentiality=table.choice("confidentiality", Confidentiality, Confidentiality.INTERNAL)
        or Confidentiality.INTERNAL,
        hours=_hours(table),
        needs_sponsor=table.flag("needs_sponsor"),
        needs_certificate=table.flag("needs_certificate"),
        signers=table.choices("signers", OwnerRole),
        told=_told(table),
        checks=tuple(_check(each) for each in _tables(table, "checks")),
        tasks=tuple(_task(each) for each in _tables(table, "tasks")),
        functions=tuple(_function(each) for each in _tables(table, "functions")),
        meetings=tuple(_meeting(each) for each in _tables(table, "meetings")),
        costs=tuple(_cost(each) for each in _tables(table, "costs")),
        hazards=tuple(_hazard(each) for each in _tables(table, "hazards")),
        insurance=tuple(_insurance(each) for each in _tables(table, "insurance")),
    )
    _refuse_twice(table, "checks", "code", [each.code for each in policy.checks])
    _refuse_twice(table, "tasks", "key", [each.key for each in policy.tasks])
    _refuse_twice(table, "functions", "key", [each.key for each in policy.functions])
    _refuse_twice(
        table,
        "meetings",
        "key",
        [each.key for each in policy.meetings],
        {each.key for each in policy.functions},
    )
    _check_dependencies(table, policy.tasks)
    if policy.needs_certificate and not policy.signers:
        table.wrong(
            "needs_certificate",
            _("A go/no-go certificate needs somebody to sign it."),
            _('Add signers = ["owner", "sponsor"].'),
        )
    if OwnerRole.SPONSOR in policy.signers and not policy.needs_sponsor:
        table.wrong(
            "signers", _("The sponsor signs, but the class needs no sponsor."), _("Add needs_sponsor = true.")
        )
    return policy


def text_in(table: Table, key: str, default: Text | None = None, *, longest: int) -> Text:
    """A text in quotes, or one in each language: { en = "…", ro = "…" }."""
    value = table.raw(key, str, dict, needed=default is None)
    if value is None:
        return default or Text("")
    if isinstance(value, str):
        plain = Table(table.source, table.path, table.values)
        return Text(plain.text(key, "" if default else None, longest=longest))
    return _in_languages(Table(table.source, (*table.path, key), value), longest)


def _in_languages(table: Table, longest: int) -> Text:
    found = Text(table.text("en", longest=longest), table.text("ro", "", longest=longest))
    table.finish()
    return found


def _texts(table: Table, key: str) -> tuple[Text, ...]:
    """A list of texts, each in quotes or in both languages."""
    found: list[Text] = []
    items = table.items(key, str, dict)
    if len(items) > MOST_LINES:
        table.wrong(key, _("“%(key)s” has more than %(most)d lines.") % {"key": key, "most": MOST_LINES})
    for index, value in enumerate(items[:MOST_LINES]):
        place = Table(table.source, (*table.path, key), {})
        if isinstance(value, dict):
            found.append(_in_languages(Table(table.source, (*table.path, key, index), value), LONGEST_LINE))
        elif value is not None and not 0 < len(value.strip()) <= LONGEST_LINE:
            place.wrong(index, _("A line has between 1 and %(most)d characters.") % {"most": LONGEST_LINE})
        elif value is not None:
            found.append(Text(value.strip()))
    return tuple(found)


def _tables(table: Table, key: str) -> list[Table]:
    found = table.tables(key)
    if len(found) > MOST_ITEMS:
        words = _("There are %(count)d of “%(key)s”, where %(most)d are allowed.")
        table.wrong(key, words % {"count": len(found), "key": key, "most": MOST_ITEMS})
    return found[:MOST_ITEMS]


def _hours(table: Table) -> tuple[time, time]:
    """What an event of a day takes unless it says otherwise."""
    inside = table.table("hours")
    if inside is None:
        return NINE_TO_FIVE
    begins, ends = inside.clock("from") or NINE_TO_FIVE[0], inside.clock("to") or NINE_TO_FIVE[1]
    inside.finish()
    if ends <= begins:
        table.wrong("hours", _("The day must end after it begins."))
    return begins, ends


def _told(table: Table) -> Mapping[Occasion, tuple[OwnerRole, ...]]:
    inside = table.table("told")
    if inside is None:
        return {}
    found = {each: inside.choices(each.value, OwnerRole) for each in Occasion if inside.has(each.value)}
    inside.finish()
    return {occasion: roles for occasion, roles in found.items() if roles}


def _check(table: Table) -> CheckPolicy:
    found = CheckPolicy(
        code=_key(table, "code", re.compile(r"[a-z][a-z0-9_.]*"), _("small letters, digits and underscores")),
        level=table.choice("level", LEVELS, Level.BLOCKING) or Level.BLOCKING,
        safe=due_in(table, "safe", Due(-1)),
    )
    table.finish()
    return found


def _task(table: Table) -> TaskPolicy:
    found = TaskPolicy(
        key=_key(table, "key"),
        title=text_in(table, "title", longest=LONGEST_TITLE),
        due=due_in(table, "due"),
        owner=table.choice("owner", OwnerRole, OwnerRole.OWNER) or OwnerRole.OWNER,
        after=tuple(dict.fromkeys(table.words("after"))),
        takes_days=table.number("takes_days", 1, least=1, most=LONGEST_TASK),
        is_milestone=table.flag("milestone"),
        description=text_in(table, "description", Text(""), longest=4_000),
        checklist=_texts(table, "checklist"),
    )
    if found.owner == OwnerRole.PARTICIPANTS:
        table.wrong("owner", _("A task belongs to one person, not to all participants."))
    table.finish()
    return found


def _function(table: Table) -> FunctionPolicy:
    styles = ("", *SetupStyle.values)
    found = FunctionPolicy(
        key=_key(table, "key"),
        title=text_in(table, "title", longest=LONGEST_TITLE),
        kind=table.choice("kind", PROGRAMME) or FunctionKind.SESSION,
        day=table.number("day", 0, least=-30, most=60),
        start=table.clock("start"),
        minutes=table.number("minutes", 60, least=5, most=1_440),
        setup_style=table.one_of("setup_style", styles, ""),
        is_for_all=table.flag("for_all"),
        is_public=table.flag("public"),
        catering=text_in(table, "catering", Text(""), longest=2_000),
    )
    table.finish()
    return found


def _meeting(table: Table) -> MeetingPolicy:
    found = MeetingPolicy(
        key=_key(table, "key"),
        title=text_in(table, "title", longest=LONGEST_TITLE),
        kind=table.choice("kind", PRE_AND_POST) or FunctionKind.PRE_EVENT,
        due=due_in(table, "due"),
        start=table.clock("start", time(10)) or time(10),
        minutes=table.number("minutes", 45, least=5, most=1_440),
        people=table.choices("people", OwnerRole) or (OwnerRole.OWNER,),
    )
    table.finish()
    return found


def _cost(table: Table) -> CostPolicy:
    found = CostPolicy(
        title=text_in(table, "title", longest=LONGEST_TITLE),
        driver=table.one_of("driver", DRIVERS),
        unit_price=table.amount("unit_price"),
        currency=_currency(table),
        account=table.text("account", "", longest=40),
        quantity=table.amount("quantity", Decimal(1)),
    )
    table.finish()
    return found


def _hazard(table: Table) -> HazardPolicy:
    found = HazardPolicy(
        title=text_in(table, "title", longest=LONGEST_TITLE),
        harmed=text_in(table, "harmed", longest=LONGEST_LINE),
        likelihood=table.number("likelihood", least=1, most=5),
        severity=table.number("severity", least=1, most=5),
        controls=_texts(table, "controls"),
    )
    table.finish()
    return found


def _insurance(table: Table) -> InsurancePolicy:
    found = InsurancePolicy(
        coverage=table.one_of("coverage", COVERAGES),
        limit=table.amount("limit", Decimal(0)) if table.has("limit") else None,
        currency=_currency(table),
    )
    table.finish()
    return found


def _currency(table: Table) -> str:
    code = table.text("currency", "EUR")
    if not _CURRENCY.fullmatch(code):
        table.wrong("currency", _("“%(code)s” isn't a currency.") % {"code": code}, _('Write it like "EUR".'))
        return "EUR"
    return code


def _key(table: Table, key: str, pattern: re.Pattern[str] = _KEY, form: str = "") -> str:
    value = table.text(key, longest=LONGEST_KEY)
    if value and not pattern.fullmatch(value):
        table.wrong(
            key,
            _("“%(value)s” isn't a key: it is made of %(form)s.")
            % {"value": value, "form": form or _("small letters and digits with hyphens between them")},
        )
    return value


def _refuse_twice(
    table: Table, name: str, key: str, values: Sequence[str], taken: Collection[str] = ()
) -> None:
    seen = set(taken)
    for index, value in enumerate(values):
        if value and value in seen:
            words = _("“%(value)s” is there already; every key is used once.") % {"value": value}
            table.source.add((name, index, key), words)
        seen.add(value)


def _check_dependencies(table: Table, tasks: Sequence[TaskPolicy]) -> None:
    keys = {each.key for each in tasks}
    for index, task in enumerate(tasks):
        for place, key in enumerate(task.after):
            if key not in keys:
                words = _("There is no task “%(key)s”.") % {"key": key}
                table.source.add(("tasks", index, "after", place), words, did_you_mean(key, keys))
    if circle := cycle_in({each.key: [key for key in each.after if key in keys] for each in tasks}):
        index = next(place for place, each in enumerate(tasks) if each.key == circle[0])
        words = _("These tasks wait for one another: %(keys)s.")
        table.source.add(("tasks", index, "after"), words % {"keys": " → ".join((*circle, circle[0]))})


def _warn_of_unknown_checks(table: Table, policy: Policy, known: Collection[str] | None) -> None:
    for index, check in enumerate(policy.checks if known is not None else ()):
        if check.code and check.code not in (known or ()):
            words = _(
                "No package that is installed makes the check “%(code)s”; it is passed over until one does."
            )
            table.source.add(
                ("checks", index, "code"),
                words % {"code": check.code},
                did_you_mean(check.code, known or ()),
                is_warning=True,
            )
