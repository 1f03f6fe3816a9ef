"""The one table that says who may do what.

A row is a verb and a predicate over (actor, object); each app adds its rows in AppConfig.ready().
docs/permissions.md shows the whole table, and a test holds it, and every verb in the code, to it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from rules.predicates import Predicate

from convenor.base.actor import NOT_ALLOWED, Actor, Refused
from convenor.base.enums import Role

__all__ = ["PERMISSIONS", "REFUSALS", "Refused", "UnknownVerb", "may", "register", "require", "rule"]


def rule(words: str) -> Callable[[Callable[..., bool]], Predicate]:
    """A predicate over (actor) or (actor, object), joined with others by ``|``, ``&`` and ``~``.

    `words` complete "one must be …" in docs/permissions.md.
    """
    return lambda function: Predicate(function, name=words)


JOINTS = {"|": "or", "&": "and"}


# Predicates that every app may build on


@rule("anybody signed in")
def signed_in(actor: Actor) -> bool:
    return actor.is_signed_in


@rule("one of the staff")
def staff(actor: Actor) -> bool:
    """Whoever may look around the company, viewers included; not those from outside."""
    return actor.is_signed_in and not actor.is_outsider


@rule("an administrator")
def administrator(actor: Actor) -> bool:
    return actor.role == Role.ADMINISTRATOR


@rule("a coordinator")
def coordinator(actor: Actor) -> bool:
    """Administrators are coordinators too."""
    return actor.role in {Role.ADMINISTRATOR, Role.COORDINATOR}


@rule("an organiser")
def organiser(actor: Actor) -> bool:
    """Every member of staff but those who may only look; nobody from outside, whatever role their account was given."""
    return actor.is_signed_in and not actor.is_outsider and actor.role != Role.VIEWER


@rule("the user themselves")
def same_user(actor: Actor, user: Any) -> bool:
    return user is not None and actor.user_id is not None and user.pk == actor.user_id


@rule("who asked for it")
def requester(actor: Actor, job: Any) -> bool:
    return job is not None and actor.user_id is not None and job.requested_by_id == actor.user_id


PERMISSIONS: dict[str, Predicate] = {
    "audit.see": coordinator,
    "job.see": requester | coordinator,
    "job.cancel": requester | coordinator,
    "mail.see_received": coordinator,
    "mail.clear_trouble": coordinator,
    "outbox.see": coordinator,
    "outbox.retry": coordinator,
    "settings.edit": administrator,
    "user.see": same_user | coordinator,
    "user.edit": same_user | administrator,
    "user.set_role": administrator,
}
REFUSALS: dict[str, str | Promise] = {
    "audit.see": _("The audit log is for coordinators and administrators."),
    "job.cancel": _("Only whoever started this, or a coordinator, can stop it."),
    "mail.see_received": _("Mail that came in is for coordinators and administrators."),
    "mail.clear_trouble": _("Mail that came in is for coordinators and administrators."),
    "outbox.see": _("The outbox is for coordinators and administrators."),
    "outbox.retry": _("The outbox is for coordinators and administrators."),
    "settings.edit": _("Settings are for administrators."),
    "user.set_role": _("Only an administrator can change what a user may do."),
}


class UnknownVerb(LookupError):
    """A verb that is no row of the table: a typing error in the code."""


def register(rows: Mapping[str, Predicate], refusals: Mapping[str, str | Promise] | None = None) -> None:
    """Add an app's rows; ValueError if a verb is there already or a sentence has no row."""
    if twice := PERMISSIONS.keys() & rows.keys():
        raise ValueError(f"already in the table: {', '.join(sorted(twice))}")
    if lost := (refusals or {}).keys() - rows.keys():
        raise ValueError(f"a sentence without a row: {', '.join(sorted(lost))}")
    PERMISSIONS.update(rows)
    REFUSALS.update(refusals or {})


def may(actor: Actor, verb: str, obj: Any = None) -> bool:
    if verb not in PERMISSIONS:
        raise UnknownVerb(verb)
    return bool(PERMISSIONS[verb].test(actor, obj))


def require(actor: Actor, verb: str, obj: Any = None) -> None:
    """Raise Refused, with the row's sentence, unless the actor may."""
    if not may(actor, verb, obj):
        raise Refused(verb, REFUSALS.get(verb, NOT_ALLOWED))


def as_markdown() -> str:
    """The table of docs/permissions.md."""
    lines = ["| To | one must be |", "|---|---|"]
    lines += [f"| `{verb}` | {_words(rule)} |" for verb, rule in sorted(PERMISSIONS.items())]
    return "\n".join(lines) + "\n"


def _words(rule: Predicate) -> str:
    """The rule in words: `rules` names a compound "((a | b) & ~c)", here "(a or b) and not c"."""
    return _phrase(iter(re.findall(r"[()|&~]|[^()|&~]+", str(rule).replace(" | ", "|").replace(" & ", "&"))))[
        1
    ]


def _phrase(signs: Iterator[str]) -> tuple[str, str]:
    """The next phrase, and the word that joins its parts ("" if it has but one)."""
    sign = next(signs)
    if sign == "~":
        joint, inner = _phrase(signs)
        return "", f"not ({inner})" if joint else f"not {inner}"
    if sign != "(":
        return "", sign
    left, word, right = _phrase(signs), JOINTS[next(signs)], _phrase(signs)
    next(signs)  # the closing bracket
    return word, f" {word} ".join(
        text if joint in {"", word} else f"({text})" for joint, text in (left, right)
    )
