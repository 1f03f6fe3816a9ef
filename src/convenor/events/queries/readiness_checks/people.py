"""Who must be there has said yes: the required people, the chair, the speakers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from django.db.models import Count, IntegerField, Min, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.events.enums import Level, PartyRole, SpeakerState
from convenor.events.models import Party, Speaker
from convenor.events.queries.readiness_checks.coming import by_event, function_ref, is_coming, title
from convenor.events.rules.findings import Finding, Ref
from convenor.scheduling.enums import AttendeeRole, PartStat
from convenor.scheduling.models import Participation

FEW = 12
"""A function that so many at most are required at can't do without one of them; a plenary of hundreds can."""
FUNCTION = "occurrence__function__"
Found = Iterator[tuple[int, Finding]]


def required_accepted(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """Two queries: who declined, and how many haven't said yes."""
    return by_event([*_declined(event_ids, now), *_unanswered(event_ids, now)])


def _asked(event_ids: Sequence[int], now: datetime) -> QuerySet[Participation]:
    return Participation.objects.filter(**is_coming(event_ids, now, function=FUNCTION))


def _declined(event_ids: Sequence[int], now: datetime) -> Found:
    required = Participation.objects.filter(occurrence=OuterRef("occurrence"), role=AttendeeRole.REQUIRED)
    many = required.order_by().values("occurrence").annotate(many=Count("pk")).values("many")
    rows = _asked(event_ids, now).filter(role=AttendeeRole.REQUIRED, partstat=PartStat.DECLINED)
    rows = rows.annotate(many=Subquery(many, output_field=IntegerField()), title=title(FUNCTION))
    columns = (f"{FUNCTION}event_id", f"{FUNCTION}pk", "title", "person_id", "person__name", "many")
    for event, pk, name, person, who, asked in rows.order_by("starts_at", "pk").values_list(*columns):
        sentence = _("%(person)s has declined “%(function)s”.") % {"person": who, "function": name}
        level = Level.BLOCKING if asked <= FEW else Level.ATTENTION
        yield event, Finding(level, sentence, f"{pk}:{person}", function_ref(pk, name))


def _unanswered(event_ids: Sequence[int], now: datetime) -> Found:
    waiting = (PartStat.NEEDS_ACTION, PartStat.TENTATIVE, PartStat.DELEGATED)
    rows = _asked(event_ids, now).filter(role=AttendeeRole.REQUIRED, partstat__in=waiting)
    counted = rows.order_by().values_list(f"{FUNCTION}event_id").annotate(Count("person", distinct=True))
    for event, count in counted:
        sentence = ngettext(
            "%(count)d required person hasn't said yes to everything yet.",
            "%(count)d required people haven't said yes to everything yet.",
            count,
        )
        evidence = Ref("event.people", event)
        yield (
            event,
            Finding(
                Level.ATTENTION, sentence % {"count": count}, "unanswered", evidence, once_late=Level.BLOCKING
            ),
        )


def chair_present(event_ids: Sequence[int], now: datetime) -> Mapping[int, Sequence[Finding]]:
    """Who chairs the event, or one of its functions, is named and comes. Three queries."""
    chairs = Party.objects.filter(event__among=event_ids, role=PartyRole.CHAIR)
    theirs = set(chairs.order_by().values_list("event_id", "person_id"))
    of_functions = _asked(event_ids, now).filter(role=AttendeeRole.CHAIR).order_by()
    named = {event for event, _person in theirs}
    named |= set(of_functions.values_list(f"{FUNCTION}event_id", flat=True).distinct())
    # By person first: joining the list to everybody's participations takes seconds at a conference
    rows = _asked(event_ids, now).filter(
        Q(role=AttendeeRole.CHAIR) | Q(person__among=[person for _event, person in theirs])
    )
    return by_event([*_chairless(set(event_ids) - named), *_absent_chairs(rows, theirs)])


def _chairless(event_ids: set[int]) -> Found:
    for event in sorted(event_ids):
        yield event, Finding(Level.BLOCKING, _("Nobody is named to chair."), "", Ref("event.people", event))


def _absent_chairs(rows: QuerySet[Participation], theirs: set[tuple[int, int]]) -> Found:
    """`theirs` are pairs of an event and its chair: who chairs one event is a plain guest at another."""
    rows = rows.exclude(partstat=PartStat.ACCEPTED).annotate(title=title(FUNCTION))
    columns = (f"{FUNCTION}event_id", f"{FUNCTION}pk", f"{FUNCTION}key", "title", "person__name", "partstat")
    found = rows.order_by("starts_at", "pk").values_list(*columns, "role", "person_id")
    for event, pk, key, name, who, said, role, person in found:
        if role != AttendeeRole.CHAIR and (event, person) not in theirs:
            continue
        words = {"person": who, "function": name}
        if said == PartStat.DECLINED:
            sentence = _("%(person)s, who chairs, has declined “%(function)s”.") % words
            yield event, Finding(Level.BLOCKING, sentence, key, function_ref(pk, name))
        else:
            sentence = _("%(person)s, who chairs, hasn't said yes to “%(function)s” yet.") % words
            ref = function_ref(pk, name)
            yield event, Finding(Level.ATTENTION, sentence, key, ref, once_late=Level.BLOCKING)


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
