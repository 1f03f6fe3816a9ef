"""Who must be there has said yes: the required people, the chair, the speakers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.events.enums import Level, PartyRole, SpeakerState
from convenor.events.models import Party, Speaker
from convenor.events.queries.readiness_checks.coming import by_event, coming, function_ref, is_coming, title
from convenor.events.rules.findings import Finding, Ref
from convenor.scheduling.enums import AttendeeRole, PartStat
from convenor.scheduling.models import Participation

FEW = 12
"""A function that so many at most are required at can't do without one of them; a plenary of hundreds can."""
Found = Iterator[tuple[int, Finding]]


@dataclass(frozen=True, slots=True)
class Part:
    """A function that is to come."""

    event: int
    pk: int
    key: str
    title: str


def _parts(event_ids: Sequence[int], now: datetime) -> dict[int, Part]:
    """By occurrence. Participations are then read by these keys: joined to functions, a database without fresh statistics
    goes through all of them (15 s a query on PostgreSQL, just after a conference was entered).
    """
    rows = coming(event_ids, now).order_by().annotate(label=title())
    return {row[0]: Part(*row[1:]) for row in rows.values_list("occurrence", "event", "pk", "key", "label")}


def required_accepted(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """Three queries: the functions, who declined, and who hasn't said yes."""
    parts = _parts(event_ids, now)
    return by_event([*_declined(parts), *_unanswered(parts)])


def _asked(parts: Mapping[int, Part]) -> QuerySet[Participation]:
    return Participation.objects.filter(occurrence__among=list(parts))


def _declined(parts: Mapping[int, Part]) -> Found:
    required = Participation.objects.filter(occurrence=OuterRef("occurrence"), role=AttendeeRole.REQUIRED)
    many = required.order_by().values("occurrence").annotate(many=Count("pk")).values("many")
    rows = _asked(parts).filter(role=AttendeeRole.REQUIRED, partstat=PartStat.DECLINED)
    rows = rows.annotate(many=Subquery(many, output_field=IntegerField())).order_by("starts_at", "pk")
    for occurrence, person, who, asked in rows.values_list("occurrence", "person", "person__name", "many"):
        part = parts[occurrence]
        sentence = _("%(person)s has declined “%(function)s”.") % {"person": who, "function": part.title}
        level = Level.BLOCKING if asked <= FEW else Level.ATTENTION
        ref = function_ref(part.pk, part.title)
        yield part.event, Finding(level, sentence, f"{part.pk}:{person}", ref)


def _unanswered(parts: Mapping[int, Part]) -> Found:
    waiting = (PartStat.NEEDS_ACTION, PartStat.TENTATIVE, PartStat.DELEGATED)
    rows = _asked(parts).filter(role=AttendeeRole.REQUIRED, partstat__in=waiting).order_by()
    people: dict[int, set[int]] = defaultdict(set)
    for occurrence, person in rows.values_list("occurrence", "person"):
        people[parts[occurrence].event].add(person)
    for event, persons in sorted(people.items()):
        sentence = ngettext(
            "%(count)d required person hasn't said yes to everything yet.",
            "%(count)d required people haven't said yes to everything yet.",
            len(persons),
        ) % {"count": len(persons)}
        evidence = Ref("event.people", event)
        yield event, Finding(Level.ATTENTION, sentence, "unanswered", evidence, once_late=Level.BLOCKING)


def chair_present(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """Who chairs the event, or one of its functions, is named and comes. Four queries."""
    parts = _parts(event_ids, now)
    chairs = Party.objects.filter(event__among=event_ids, role=PartyRole.CHAIR)
    theirs = set(chairs.order_by().values_list("event_id", "person_id"))
    of_functions = _asked(parts).filter(role=AttendeeRole.CHAIR).order_by()
    named = {event for event, _person in theirs}
    named |= {parts[occurrence].event for occurrence in of_functions.values_list("occurrence", flat=True)}
    # By person first: joining the list to everybody's participations takes seconds at a conference
    rows = _asked(parts).filter(
        Q(role=AttendeeRole.CHAIR) | Q(person__among=[person for _event, person in theirs])
    )
    return by_event([*_chairless(set(event_ids) - named), *_absent_chairs(rows, parts, theirs)])


def _chairless(event_ids: set[int]) -> Found:
    for event in sorted(event_ids):
        yield event, Finding(Level.BLOCKING, _("Nobody is named to chair."), "", Ref("event.people", event))


def _absent_chairs(
    rows: QuerySet[Participation], parts: Mapping[int, Part], theirs: set[tuple[int, int]]
) -> Found:
    """`theirs` are pairs of an event and its chair: who chairs one event is a plain guest at another."""
    rows = rows.exclude(partstat=PartStat.ACCEPTED).order_by("starts_at", "pk")
    columns = ("occurrence", "person__name", "partstat", "role", "person")
    for occurrence, who, said, role, person in rows.values_list(*columns):
        part = parts[occurrence]
        if role != AttendeeRole.CHAIR and (part.event, person) not in theirs:
            continue
        words, ref = {"person": who, "function": part.title}, function_ref(part.pk, part.title)
        if said == PartStat.DECLINED:
            sentence = _("%(person)s, who chairs, has declined “%(function)s”.") % words
            yield part.event, Finding(Level.BLOCKING, sentence, part.key, ref)
        else:
            sentence = _("%(person)s, who chairs, hasn't said yes to “%(function)s” yet.") % words
            yield part.event, Finding(Level.ATTENTION, sentence, part.key, ref, once_late=Level.BLOCKING)


def speakers_confirmed(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """Two queries: who won't speak, and how many haven't confirmed."""
    rows = Speaker.objects.filter(**is_coming(event_ids, now, function="function__"))
    won_t = rows.filter(state=SpeakerState.DECLINED)
    return by_event([*_not_speaking(won_t), *_unconfirmed(rows.filter(state=SpeakerState.ASKED))])


def _not_speaking(rows: QuerySet[Speaker]) -> Found:
    columns = ("function__event_id", "function_id", "title", "person_id", "person__name")
    rows = rows.annotate(title=title("function__")).order_by("function__occurrence__starts_at", "pk")
    for event, pk, name, person, who in rows.values_list(*columns):
        sentence = _("%(person)s won't speak at “%(function)s”.") % {"person": who, "function": name}
        yield event, Finding(Level.BLOCKING, sentence, f"{pk}:{person}", function_ref(pk, name))


def _unconfirmed(rows: QuerySet[Speaker]) -> Found:
    counted = rows.order_by().values_list("function__event_id")
    for event, count, who in counted.annotate(Count("person", distinct=True), Min("person__name")):
        if count == 1:
            sentence = _("%(person)s was asked to speak and hasn't confirmed.") % {"person": who}
        else:
            sentence = ngettext(
                "%(count)d speaker was asked and hasn't confirmed.",
                "%(count)d speakers were asked and haven't confirmed.",
                count,
            ) % {"count": count}
        evidence = Ref("event.people", event)
        yield event, Finding(Level.ATTENTION, sentence, "unconfirmed", evidence, once_late=Level.BLOCKING)
