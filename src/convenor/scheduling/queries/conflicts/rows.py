"""Conflicts as the actor may see them: those that concern them, all for coordinators, none for people from outside."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet

from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.kernel.instants import Span, ZoneName, datetime_of, instant_of
from convenor.people.models import Person
from convenor.scheduling.enums import ConflictKind, ConflictState, Severity
from convenor.scheduling.models import Conflict, ConflictOccurrence, Occurrence, Participation
from convenor.scheduling.queries.conflicts.upkeep import catch_up
from convenor.scheduling.queries.visibility import private_meetings_seen_by
from convenor.scheduling.sentences.conflicts import Told, conflict_sentence, private, quoted
from convenor.venues.models import Equipment, Site
from convenor.venues.public_holidays import public_holidays


@dataclass(frozen=True, slots=True)
class MeetingBrief:
    """One of the occurrences that a conflict is about; a masked one has no UID and nothing that leads to it."""

    occurrence_id: int
    meeting_id: int
    uid: str
    title: str
    starts_at: datetime
    ends_at: datetime
    is_masked: bool


@dataclass(frozen=True, slots=True)
class ConflictRow:
    """A conflict for a list. `person_email` and `room_code` are "" where it is about none."""

    id: int
    kind: str
    severity: Severity
    starts_at: datetime
    ends_at: datetime
    person_id: int | None
    person_name: str
    person_email: str
    room_id: int | None
    room_code: str
    room_name: str
    site_id: int | None
    meetings: tuple[MeetingBrief, ...]
    sentence: str
    is_ignored: bool
    ignored_by: str
    ignored_reason: str

    @property
    def kind_label(self) -> str:
        return str(dict(ConflictKind.choices).get(self.kind, self.kind))

    @property
    def severity_label(self) -> str:
        return str(self.severity.label)


def conflicts_for(
    actor: Actor,
    *,
    span: Span | None = None,
    kinds: Collection[str] | None = None,
    person: int | None = None,
    room: int | None = None,
    site: int | None = None,
    severity: int | None = None,
    mine: bool = False,
    include_ignored: bool = False,
    first: int = 0,
    most: int | None = None,
    now: datetime,
) -> list[ConflictRow]:
    """What is wrong from now on, in order of time, after looking again at what changed lately (upkeep.catch_up says if something is left).

    `person` gives what is wrong for that person, `severity` is the least that counts, `mine` narrows a coordinator's list to
    what concerns themselves. Nine queries for the rows, however many there are.
    """
    catch_up(now)
    rows = _seen(actor, now, mine=mine)
    rows = _narrowed(rows, span=span, kinds=kinds, person=person, room=room, site=site, severity=severity)
    if not include_ignored:
        rows = rows.filter(state=ConflictState.OPEN)
    return _told(actor, list(_in_order(rows)[first : None if most is None else first + most]))


def ignored_for(actor: Actor, *, now: datetime) -> list[ConflictRow]:
    """What was ignored, with the reasons, in order of time."""
    return _told(actor, list(_in_order(_seen(actor, now).filter(state=ConflictState.IGNORED))))


def _in_order(rows: QuerySet[Conflict]) -> QuerySet[Conflict]:
    return rows.select_related("person", "room", "site", "ignored_by").order_by(
        "starts_at", "-severity", "pk"
    )


def conflict_for(actor: Actor, pk: int, *, now: datetime) -> ConflictRow:
    """Ignored ones too. Raises Conflict.DoesNotExist for one that the actor may not see, or that is over."""
    found = _seen(actor, now).select_related("person", "room", "site", "ignored_by").get(pk=pk)
    return _told(actor, [found])[0]


def counts_for(actor: Actor, *, mine: bool = False, now: datetime, **narrow: Any) -> dict[Severity, int]:
    """How many open ones of each severity, narrowed as `conflicts_for`. One query; looks at nothing again."""
    rows = _narrowed(_seen(actor, now, mine=mine).filter(state=ConflictState.OPEN), **narrow)
    counts = Counter(rows.order_by().values_list("severity", flat=True))
    return {severity: counts[severity] for severity in reversed(Severity)}


def ignored_count_for(actor: Actor, *, now: datetime) -> int:
    return _seen(actor, now).filter(state=ConflictState.IGNORED).count()


def _seen(actor: Actor, now: datetime, *, mine: bool = False) -> QuerySet[Conflict]:
    rows = Conflict.objects.filter(ends_at__gt=now)
    if not actor.is_signed_in or actor.is_outsider:
        return rows.none()
    if may(actor, "conflict.see_all") and not mine:
        return rows
    people = [*actor.principals, *([actor.person_id] if actor.person_id else [])]
    theirs = Q(person__among=people) | Exists(_links(people))
    return rows.filter(theirs | Q(room__approver=actor.user_id) if actor.user_id else theirs)


def _links(people: Collection[int]) -> QuerySet[ConflictOccurrence]:
    """Links of a conflict to what one of the people takes part in or organises."""
    parts = Participation.objects.filter(occurrence=OuterRef("occurrence"), person__among=people)
    links = ConflictOccurrence.objects.filter(conflict=OuterRef("pk"))
    return links.filter(Q(occurrence__meeting__organiser__among=people) | Exists(parts))


def _narrowed(
    rows: QuerySet[Conflict],
    *,
    span: Span | None = None,
    kinds: Collection[str] | None = None,
    person: int | None = None,
    room: int | None = None,
    site: int | None = None,
    severity: int | None = None,
) -> QuerySet[Conflict]:
    if span is not None:
        rows = rows.filter(starts_at__lt=datetime_of(span.end), ends_at__gt=datetime_of(span.start))
    if kinds:
        rows = rows.filter(kind__in=kinds)
    if person is not None:
        rows = rows.filter(Q(person=person) | Q(Exists(_links([person])), person__isnull=True))
    if room is not None:
        rows = rows.filter(room=room)
    if site is not None:
        rows = rows.filter(Q(site=site) | Q(room__site=site) | Q(person__home_site=site))
    return rows if severity is None else rows.filter(severity__gte=severity)


def _told(actor: Actor, rows: Sequence[Conflict]) -> list[ConflictRow]:
    links = _occurrences(rows)
    briefs = _briefs(actor, {key for keys in links.values() for key in keys})
    names = _Names(rows)
    told = []
    for row in rows:
        meetings = sorted(
            (briefs[key] for key in links[row.pk]), key=lambda each: (each.starts_at, each.occurrence_id)
        )
        told.append(_row(row, meetings, names))
    return told


def _occurrences(rows: Sequence[Conflict]) -> dict[int, list[int]]:
    """The occurrences of each; of the many of a clock change only the first two, which are the ones to mend."""
    found: dict[int, list[int]] = defaultdict(list)
    first = {row.pk: set(row.facts["first"]) for row in rows if row.kind == ConflictKind.ZONE_SHIFT}
    links = ConflictOccurrence.objects.filter(conflict__among=[row.pk for row in rows]).order_by(
        "occurrence_id"
    )
    for conflict, occurrence in links.values_list("conflict_id", "occurrence_id"):
        if occurrence in first.get(conflict, {occurrence}):
            found[conflict].append(occurrence)
    return found


def _briefs(actor: Actor, ids: Collection[int]) -> dict[int, MeetingBrief]:
    columns = (
        "pk",
        "title",
        "starts_at",
        "ends_at",
        "meeting_id",
        "meeting__uid",
        "meeting__title",
        "meeting__is_private",
    )
    rows = list(Occurrence.objects.filter(pk__among=ids).order_by().values_list(*columns))
    hidden = {row[4] for row in rows if row[7]}
    hidden -= private_meetings_seen_by(actor, hidden)
    return {
        pk: MeetingBrief(pk, meeting, "" if meeting in hidden else uid, private() if meeting in hidden else own or title, start, end, meeting in hidden)
        for pk, own, start, end, meeting, uid, title, _is_private in rows
    }  # fmt: skip


class _Names:
    """The names behind the keys in the facts of some conflicts. Three queries."""

    def __init__(self, rows: Sequence[Conflict]) -> None:
        people = {key for row in rows for key in row.facts.get("people", ())}
        sites = {row.facts[key] for row in rows for key in ("from", "to") if row.facts.get(key)}
        sites |= {row.site_id for row in rows if row.site_id}
        codes = {code for row in rows for code in row.facts.get("missing", ())}
        self.people = dict(Person.objects.filter(pk__among=people).order_by().values_list("pk", "name"))
        self._sites = {site.pk: site for site in Site.objects.filter(pk__among=sites).order_by()}
        self.equipment = dict(Equipment.objects.filter(code__in=codes).order_by().values_list("code", "name"))

    @property
    def sites(self) -> Mapping[int, str]:
        return {pk: site.name for pk, site in self._sites.items()}

    def holidays(self, row: Conflict) -> dict[date, str]:
        """The public holidays at its site while it lasts, in the reader's language."""
        site = self._sites.get(row.site_id or 0)
        if site is None or row.kind not in {ConflictKind.HOLIDAY, ConflictKind.SITE_SHUT}:
            return {}
        span = Span(instant_of(row.starts_at), instant_of(row.ends_at))
        days = public_holidays(site.country, site.subdivision, ZoneName(site.zone), span)
        return {day.day: day.name for day in days}


def _row(row: Conflict, meetings: Iterable[MeetingBrief], names: _Names) -> ConflictRow:
    briefs = tuple(meetings)
    told = Told(
        kind=row.kind,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        facts=row.facts,
        meetings={
            each.occurrence_id: each.title if each.is_masked else quoted(each.title) for each in briefs
        },
        person=row.person.name if row.person else "",
        room=f"{row.room.code} {row.room.name}" if row.room else "",
        site=row.site.name if row.site else "",
        people=names.people,
        sites=names.sites,
        equipment=names.equipment,
        holidays=names.holidays(row),
    )
    return ConflictRow(
        id=row.pk,
        kind=row.kind,
        severity=Severity(row.severity),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        person_id=row.person_id,
        person_name=row.person.name if row.person else "",
        person_email=row.person.email if row.person else "",
        room_id=row.room_id,
        room_code=row.room.code if row.room else "",
        room_name=row.room.name if row.room else "",
        site_id=row.site_id,
        meetings=briefs,
        sentence=conflict_sentence(told),
        is_ignored=row.state == ConflictState.IGNORED,
        ignored_by=row.ignored_by.name if row.ignored_by else "",
        ignored_reason=row.ignored_reason,
    )


def people_in_conflicts_for(actor: Actor, *, now: datetime) -> list[tuple[int, str]]:
    """Whom open conflicts are about, by name: what a list can be narrowed to. One query."""
    people = Person.objects.filter(
        Exists(_seen(actor, now).filter(person=OuterRef("pk"), state=ConflictState.OPEN))
    )
    return list(people.order_by("name", "pk").values_list("pk", "name"))
