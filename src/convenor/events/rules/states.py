"""From enquiry to closed: which state leads to which, on what conditions and to what effect. docs/events.md shows this table."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import TextChoices
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy

from convenor.events.enums import EventState, Occasion
from convenor.events.rules.findings import Missing, Ref

S = EventState
_MOST_NAMED = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Dossier:
    """What the conditions ask of an event. `blocking` are the sentences of what blocks it; instants are aware, `today` is local."""

    event_id: int
    state: EventState
    resumes_to: str = ""
    owner_is_active: bool = True
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    load_in_day: date | None = None
    today: date
    now: datetime
    has_sponsor: bool = False
    needs_sponsor: bool = False
    functions: int = 0
    blocking: tuple[str, ...] = ()
    needs_certificate: bool = False
    has_go: bool = False
    undone_tasks: int = 0
    actual_count: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Condition:
    """`words` complete "needs …" in the table; `lacks` is the sentence of what is missing, None where it holds; `where` it is mended, "" where only time helps."""

    words: str | Promise
    lacks: Callable[[Dossier], str | None]
    where: str = "event.edit"

    def missing(self, dossier: Dossier) -> Missing | None:
        sentence = self.lacks(dossier)
        return (
            None
            if sentence is None
            else Missing(sentence, Ref(self.where, dossier.event_id) if self.where else None)
        )


def _lacks_owner(dossier: Dossier) -> str | None:
    return None if dossier.owner_is_active else _("Its coordinator has left: name another.")


def _lacks_dates(dossier: Dossier) -> str | None:
    return None if dossier.starts_at and dossier.ends_at else _("It has no start and end yet.")


def _lacks_sponsor(dossier: Dossier) -> str | None:
    ok = dossier.has_sponsor or not dossier.needs_sponsor
    return None if ok else _("Its class asks for a sponsor: name one.")


def _lacks_function(dossier: Dossier) -> str | None:
    return None if dossier.functions else _("Its programme is empty: add at least one function.")


def _is_blocked(dossier: Dossier) -> str | None:
    """Where a certificate is asked for, those who sign it judge what blocks."""
    if not dossier.blocking or dossier.needs_certificate:
        return None
    return _blocked(dossier.blocking)


def _is_blocked_still(dossier: Dossier) -> str | None:
    return _blocked(dossier.blocking) if dossier.blocking else None


def _blocked(sentences: Sequence[str]) -> str:
    rest = len(sentences) - _MOST_NAMED
    shown = " ".join(sentences[:_MOST_NAMED])
    if rest > 0:
        shown += " " + ngettext("And %(count)d more.", "And %(count)d more.", rest) % {"count": rest}
    return _("Readiness is blocked. %(sentences)s") % {"sentences": shown}


def _lacks_go(dossier: Dossier) -> str | None:
    ok = dossier.has_go or not dossier.needs_certificate
    return (
        None
        if ok
        else _("Its class asks for a go/no-go certificate with everybody's go for its present dates.")
    )


def _is_too_early(dossier: Dossier) -> str | None:
    if dossier.load_in_day is None or dossier.today >= dossier.load_in_day:
        return None
    return _("It can't be in progress before %(day)s.") % {"day": date_format(dossier.load_in_day)}


def _is_not_over(dossier: Dossier) -> str | None:
    over = dossier.ends_at is not None and dossier.now >= dossier.ends_at
    return None if over else _("It isn't over yet.")


def _has_open_tasks(dossier: Dossier) -> str | None:
    count = dossier.undone_tasks
    if not count:
        return None
    sentence = ngettext(
        "%(count)d task is neither done nor dropped.", "%(count)d tasks are neither done nor dropped.", count
    )
    return sentence % {"count": count}


def _lacks_count(dossier: Dossier) -> str | None:
    return None if dossier.actual_count is not None else _("Say how many people came.")


def _lacks_reason(dossier: Dossier) -> str | None:
    return None if dossier.reason.strip() else _("Say why.")


OWNER = Condition(gettext_lazy("an active coordinator"), _lacks_owner)
DATES = Condition(gettext_lazy("a start and an end"), _lacks_dates)
SPONSOR = Condition(gettext_lazy("a sponsor, if its class asks for one"), _lacks_sponsor)
FUNCTION = Condition(gettext_lazy("at least one function"), _lacks_function, "event.programme")
READY = Condition(
    gettext_lazy("nothing that blocks, unless its class asks for a certificate"),
    _is_blocked,
    "event.readiness",
)
GO = Condition(
    gettext_lazy("a go for its present dates from all who sign, if its class asks for a certificate"),
    _lacks_go,
    "event.readiness",
)
LOAD_IN = Condition(gettext_lazy("load-in day to have come"), _is_too_early, "")
OVER = Condition(gettext_lazy("its end to be over"), _is_not_over, "")
TASKS = Condition(gettext_lazy("every task done or dropped"), _has_open_tasks, "event.tasks")
COUNT = Condition(gettext_lazy("how many people came"), _lacks_count)
MENDED = Condition(gettext_lazy("nothing that blocks and isn't waived"), _is_blocked_still, "event.readiness")
REASON = Condition(gettext_lazy("a reason"), _lacks_reason, "event.state")


class Effect(TextChoices):
    """What else happens, in words that complete "and …" in the table."""

    TELLS = "tells", gettext_lazy("those are told whom its class names")
    CALLS_OFF = (
        "calls_off",
        gettext_lazy("its functions are called off until it is resumed; their rooms are noted"),
    )
    BOOKS_AGAIN = (
        "books_again",
        gettext_lazy("its functions take place again, with their rooms where they can be had"),
    )
    CANCELS = "cancels", gettext_lazy("its functions are cancelled and their rooms let go")
    ENDS = "ends", gettext_lazy("nothing of it can be changed any more")


@dataclass(frozen=True, slots=True)
class Step:
    """One way on. `occasion` is what people are told of; `preview` is the page that shows every effect first, where there is one."""

    source: EventState
    target: EventState
    label: str | Promise
    conditions: tuple[Condition, ...] = ()
    effects: tuple[Effect, ...] = ()
    occasion: Occasion | None = None
    preview: str = ""
    is_back: bool = False

    def missing(self, dossier: Dossier) -> list[Missing]:
        """Everything that stands in the way, in the table's order."""
        return [lack for each in self.conditions if (lack := each.missing(dossier)) is not None]


_PLAN = gettext_lazy("Start planning")
_CONFIRM = gettext_lazy("Confirm")
_BACK = gettext_lazy("Back to planning")
_BEGIN = gettext_lazy("Begin")
_END = gettext_lazy("End")
_CLOSE = pgettext_lazy("event step", "Close")
_POSTPONE = gettext_lazy("Postpone…")
_RESUME = gettext_lazy("Resume…")
_CANCEL = gettext_lazy("Cancel…")


def _postponed(source: EventState) -> Step:
    effects = (Effect.CALLS_OFF, Effect.TELLS)
    conditions, preview = (DATES, REASON), "event.postpone"
    return Step(source, S.POSTPONED, _POSTPONE, conditions, effects, Occasion.POSTPONED, preview)


def _resumed(target: EventState) -> Step:
    effects = (Effect.BOOKS_AGAIN, Effect.TELLS)
    return Step(S.POSTPONED, target, _RESUME, (OWNER, DATES), effects, Occasion.MOVED, "event.resume")


def _cancelled(source: EventState) -> Step:
    effects = (Effect.CANCELS, Effect.TELLS, Effect.ENDS)
    return Step(source, S.CANCELLED, _CANCEL, (REASON,), effects, Occasion.CANCELLED, "event.cancel")


TABLE: tuple[Step, ...] = (
    Step(S.ENQUIRY, S.PLANNING, _PLAN, (OWNER, DATES)),
    Step(
        S.PLANNING,
        S.CONFIRMED,
        _CONFIRM,
        (OWNER, DATES, SPONSOR, FUNCTION, READY, GO),
        (Effect.TELLS,),
        Occasion.CONFIRMED,
    ),
    Step(S.CONFIRMED, S.IN_PROGRESS, _BEGIN, (DATES, LOAD_IN)),
    Step(S.IN_PROGRESS, S.DEBRIEF, _END, (OVER,)),
    Step(
        S.DEBRIEF,
        S.CLOSED,
        _CLOSE,
        (TASKS, COUNT, MENDED),
        (Effect.TELLS, Effect.ENDS),
        Occasion.CLOSED,
    ),
    Step(S.CONFIRMED, S.PLANNING, _BACK, is_back=True),
    _postponed(S.PLANNING),
    _postponed(S.CONFIRMED),
    _resumed(S.PLANNING),
    _resumed(S.CONFIRMED),
    _cancelled(S.ENQUIRY),
    _cancelled(S.PLANNING),
    _cancelled(S.CONFIRMED),
    _cancelled(S.IN_PROGRESS),
    _cancelled(S.POSTPONED),
)


def step_between(source: str, target: str, resumes_to: str = "") -> Step | None:
    """The way from one state to another; a postponed event goes back only to where it was."""
    found = next((step for step in TABLE if (step.source, step.target) == (source, target)), None)
    if found is not None and source == S.POSTPONED and target not in {resumes_to or target, S.CANCELLED}:
        return None
    return found


def steps_from(state: str, resumes_to: str = "") -> list[Step]:
    """In the table's order."""
    return [step for step in TABLE if step.source == state and step_between(state, step.target, resumes_to)]
