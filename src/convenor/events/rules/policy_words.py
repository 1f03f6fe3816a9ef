"""An event class in words: what its page shows, and what two versions are compared by. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from convenor.events.enums import Anchor, Confidentiality, Level, OwnerRole
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
from convenor.venues.enums import SetupStyle


@dataclass(frozen=True, slots=True)
class Fact:
    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a class lays down. `wording` are its texts in both languages, for comparing; `facts` all else."""

    key: str
    title: str
    facts: tuple[Fact, ...] = ()
    wording: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """`name` is the key in the file."""

    name: str
    title: str
    items: tuple[Item, ...]


def sections_of(policy: Policy, language: str, checks: Mapping[str, str] | None = None) -> list[Section]:
    """Everything in the order of the file; `checks` are the titles of the known checks by their codes."""
    titles = checks or {}
    parts: list[tuple[str, str, Iterable[Item]]] = [
        ("class", _("The class itself"), [_itself(policy, language)]),
        ("checks", _("Readiness checks"), (_check(each, titles) for each in policy.checks)),
        ("tasks", _("Tasks"), _tasks(policy.tasks, language)),
        ("functions", _("Functions"), (_function(each, language) for each in policy.functions)),
        ("meetings", _("Meetings before and after"), (_meeting(each, language) for each in policy.meetings)),
        ("told", _("Who is told"), _told(policy)),
        ("costs", _("Default cost lines"), (_cost(each, language) for each in policy.costs)),
        ("hazards", _("Hazards"), (_hazard(each, language) for each in policy.hazards)),
        ("insurance", _("Insurance"), (_insurance(each) for each in policy.insurance)),
    ]
    return [Section(name, title, tuple(_numbered(items))) for name, title, items in parts]


def due_words(due: Due) -> str:
    """When it is due: “14 working days before the start”."""
    count = abs(due.days)
    if due.days == 0:
        words = {
            Anchor.LOAD_IN: _("on the day of load-in"),
            Anchor.START: _("on the day of the start"),
            Anchor.END: _("on the day of the end"),
            Anchor.LOAD_OUT: _("on the day of load-out"),
        }
        return words[due.anchor]
    days = (
        ngettext("%(count)d working day", "%(count)d working days", count)
        if due.working
        else ngettext("%(count)d day", "%(count)d days", count)
    ) % {"count": count}
    before = {
        Anchor.LOAD_IN: _("%(days)s before load-in"),
        Anchor.START: _("%(days)s before the start"),
        Anchor.END: _("%(days)s before the end"),
        Anchor.LOAD_OUT: _("%(days)s before load-out"),
    }
    after = {
        Anchor.LOAD_IN: _("%(days)s after load-in"),
        Anchor.START: _("%(days)s after the start"),
        Anchor.END: _("%(days)s after the end"),
        Anchor.LOAD_OUT: _("%(days)s after load-out"),
    }
    return (before if due.days < 0 else after)[due.anchor] % {"days": days}


def _numbered(items: Iterable[Item]) -> Iterator[Item]:
    """Costs and hazards have no keys of their own: the second of one name gets a number."""
    seen: dict[str, int] = {}
    for item in items:
        seen[item.key] = seen.get(item.key, 0) + 1
        number = seen[item.key]
        yield item if number == 1 else Item(f"{item.key} {number}", item.title, item.facts, item.wording)


def _facts(*pairs: tuple[str, str]) -> tuple[Fact, ...]:
    """The facts that have something to say."""
    return tuple(Fact(label, value) for label, value in pairs if value)


def _wording(*pairs: tuple[str, Text]) -> tuple[Fact, ...]:
    found: list[tuple[str, str]] = []
    for label, text in pairs:
        found.append((_("%(what)s, English") % {"what": label}, text.en))
        found.append((_("%(what)s, Romanian") % {"what": label}, text.ro))
    return _facts(*found)


def _yes(value: bool) -> str:
    return pgettext("answer", "yes") if value else ""


def roles_words(roles: Iterable[OwnerRole]) -> str:
    return ", ".join(str(role.label) for role in roles)


def _clock(value: time | None) -> str:
    return value.strftime("%H:%M") if value else ""


def minutes_words(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    parts = [_("%(hours)d h") % {"hours": hours}] if hours else []
    parts += [_("%(minutes)d min") % {"minutes": rest}] if rest or not hours else []
    return " ".join(parts)


def _itself(policy: Policy, language: str) -> Item:
    return Item(
        "class",
        policy.title.to(language),
        _facts(
            (_("Confidentiality"), str(Confidentiality(policy.confidentiality).label)),
            (_("Hours"), "–".join(map(_clock, policy.hours))),
            (_("Needs a sponsor"), _yes(policy.needs_sponsor)),
            (_("Needs a go/no-go certificate"), _yes(policy.needs_certificate)),
            (_("Signed by"), roles_words(policy.signers)),
        ),
        _wording((_("Title"), policy.title), (_("Summary"), policy.summary)),
    )


def level_words(level: Level) -> str:
    return _("blocking") if level == Level.BLOCKING else _("only attention")


def _check(check: CheckPolicy, titles: Mapping[str, str]) -> Item:
    return Item(
        check.code,
        str(titles.get(check.code, check.code)),
        _facts((_("A finding is"), level_words(check.level)), (_("Latest safe date"), due_words(check.safe))),
    )


def _tasks(tasks: Sequence[TaskPolicy], language: str) -> Iterator[Item]:
    titles = {task.key: task.title.to(language) for task in tasks}
    for task in tasks:
        yield Item(
            task.key,
            titles[task.key],
            _facts(
                (_("Due"), due_words(task.due)),
                (_("Owner"), str(task.owner.label)),
                (_("Takes"), _days(task.takes_days) if task.takes_days > 1 else ""),
                (_("After"), ", ".join(titles.get(key, key) for key in task.after)),
                (_("Milestone"), _yes(task.is_milestone)),
                (_("Checklist"), "; ".join(text.to(language) for text in task.checklist)),
            ),
            _wording((_("Title"), task.title), (_("Description"), task.description)),
        )


def _days(count: int) -> str:
    return ngettext("%(count)d working day", "%(count)d working days", count) % {"count": count}


def _function(each: FunctionPolicy, language: str) -> Item:
    style = str(SetupStyle(each.setup_style).label) if each.setup_style else ""
    return Item(
        each.key,
        each.title.to(language),
        _facts(
            (_("Kind"), str(each.kind.label)),
            (_("Day"), _day(each.day)),
            (_("Starts"), _clock(each.start) or _("with the event")),
            (_("Lasts"), minutes_words(each.minutes)),
            (_("Set-up style"), style),
            (_("For everybody in the event"), _yes(each.is_for_all)),
            (_("In the public programme"), _yes(each.is_public)),
        ),
        _wording((_("Title"), each.title), (_("Catering"), each.catering)),
    )


def _day(day: int) -> str:
    if day < 0:
        return ngettext("%(count)d day before the first", "%(count)d days before the first", -day) % {
            "count": -day
        }
    return _("day %(number)d of the event") % {"number": day + 1}


def _meeting(each: MeetingPolicy, language: str) -> Item:
    return Item(
        each.key,
        each.title.to(language),
        _facts(
            (_("Kind"), str(each.kind.label)),
            (pgettext("meeting", "Held"), due_words(each.due)),
            (_("Starts"), _clock(each.start)),
            (_("Lasts"), minutes_words(each.minutes)),
            (_("People"), roles_words(each.people)),
        ),
        _wording((_("Title"), each.title)),
    )


def _told(policy: Policy) -> Iterator[Item]:
    for occasion, roles in policy.told.items():
        yield Item(occasion.value, str(occasion.label), _facts((_("Told"), roles_words(roles))))


def drivers() -> dict[str, str]:
    return {
        "event": _("per event"),
        "day": _("per day"),
        "person": _("per person"),
        "person_day": _("per person and day"),
        "function": _("per function"),
        "room_day": _("per room and day"),
        "speaker": _("per speaker"),
        "hour": _("per hour"),
    }


def coverages() -> dict[str, str]:
    return {
        "public_liability": _("Public liability"),
        "employers_liability": _("Employer's liability"),
        "professional_indemnity": _("Professional indemnity"),
        "property": _("Property"),
        "cancellation": _("Cancellation"),
        "accident": _("Accident"),
        "travel": _("Travel"),
        "vehicles": _("Vehicles"),
    }


def _cost(cost: CostPolicy, language: str) -> Item:
    quantity = "" if cost.quantity == 1 else f"{cost.quantity.normalize():f}"
    return Item(
        cost.title.en,
        cost.title.to(language),
        _facts(
            (_("Price"), f"{cost.unit_price:.2f} {cost.currency} {drivers()[cost.driver]}"),
            (_("Quantity"), quantity),
            (_("Account"), cost.account),
        ),
        _wording((_("Title"), cost.title)),
    )


def _hazard(hazard: HazardPolicy, language: str) -> Item:
    return Item(
        hazard.title.en,
        hazard.title.to(language),
        _facts(
            (_("Who is harmed"), hazard.harmed.to(language)),
            (_("Likelihood"), _("%(number)d of 5") % {"number": hazard.likelihood}),
            (_("Severity"), _("%(number)d of 5") % {"number": hazard.severity}),
            (_("Controls"), "; ".join(text.to(language) for text in hazard.controls)),
        ),
        _wording((_("Title"), hazard.title)),
    )


def _insurance(each: InsurancePolicy) -> Item:
    limit = f"{each.limit:.2f} {each.currency}" if each.limit is not None else _("any")
    return Item(each.coverage, coverages().get(each.coverage, each.coverage), _facts((_("Limit"), limit)))
