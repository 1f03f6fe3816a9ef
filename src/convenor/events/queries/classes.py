"""Event classes as they are read: which there are, what each lays down, how its versions differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.models import ClassVersion, EventClass
from convenor.events.queries.visibility import events_seen_by
from convenor.events.registry import readiness_checks
from convenor.events.rules.policy import Policy
from convenor.events.rules.policy_text import policy_from


@dataclass(frozen=True, slots=True)
class ClassRow:
    """A class with its newest version; `versions` is how many it has, `events` how many the reader may see."""

    event_class: EventClass
    current: ClassVersion
    policy: Policy
    versions: int
    events: int

    @property
    def functions(self) -> int:
        """With the meetings before and after."""
        return len(self.policy.functions) + len(self.policy.meetings)


def policy_of(version: ClassVersion) -> Policy:
    """What the version lays down. A version never changes, so its text is read once in a process."""
    return _read(version.text)


@lru_cache(maxsize=256)
def _read(text: str) -> Policy:
    # By the text and not by the row's key: the same policy whichever database the row is from.
    return policy_from(text)


def policies_of(version_ids: Iterable[int]) -> Mapping[int, Policy]:
    """The policies of many events' class versions, in one query."""
    rows = ClassVersion.objects.filter(pk__in=set(version_ids)).values_list("pk", "text")
    return {pk: _read(text) for pk, text in rows}


def current_version(event_class: EventClass) -> ClassVersion:
    """The newest version. Raises ClassVersion.DoesNotExist for a class without any."""
    return event_class.versions.select_related("event_class").order_by("-number")[:1].get()


def known_checks() -> frozenset[str]:
    """The codes of the checks that the installed packages make."""
    return frozenset(check.code for check in readiness_checks)


def check_titles() -> dict[str, str]:
    """Their titles by their codes, in the reader's language."""
    return {check.code: str(check.title) for check in readiness_checks}


def seen_classes(actor: Actor) -> QuerySet[EventClass]:
    """The classes that the actor may read, in the order of their codes."""
    if not may(actor, "event_class.see"):
        return EventClass.objects.none()
    return EventClass.objects.order_by("code")


def class_for(actor: Actor, code: str) -> EventClass:
    """Raises EventClass.DoesNotExist."""
    return seen_classes(actor).get(code=code)


def classes_for(actor: Actor, *, with_retired: bool = False) -> list[ClassRow]:
    """The classes with their newest versions, in two queries whatever their number."""
    newest = ClassVersion.objects.filter(event_class=OuterRef("pk")).order_by("-number").values("pk")[:1]
    rows = seen_classes(actor).annotate(
        newest=Subquery(newest),
        version_count=Count("versions", distinct=True),
        event_count=Count(
            "versions__events", distinct=True, filter=Q(versions__events__in=events_seen_by(actor))
        ),
    )
    rows = rows if with_retired else rows.filter(is_active=True)
    found = list(rows.filter(newest__isnull=False))
    versions = ClassVersion.objects.select_related("event_class").in_bulk([each.newest for each in found])
    return [
        ClassRow(each, version, policy_of(version), each.version_count, each.event_count)
        for each in found
        if (version := versions.get(each.newest)) is not None
    ]


def versions_for(actor: Actor, code: str) -> Sequence[ClassVersion]:
    """All versions of a class, the newest first, with who wrote them. Raises EventClass.DoesNotExist."""
    event_class = class_for(actor, code)
    return list(event_class.versions.select_related("event_class", "created_by").order_by("-number"))


def version_for(actor: Actor, code: str, number: int | None = None) -> ClassVersion:
    """One version of a class, the newest where no number is given. Raises EventClass or ClassVersion.DoesNotExist."""
    event_class = class_for(actor, code)
    if number is None:
        return current_version(event_class)
    return event_class.versions.select_related("event_class", "created_by").get(number=number)
