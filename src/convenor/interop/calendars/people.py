"""Who is meant by the addresses in a calendar: people by e-mail, rooms by name. Unknown people become people from outside."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.translation import gettext

from convenor.base.actor import Actor
from convenor.base.bulk import Plan, chunks
from convenor.interop.calendars.events import ImportedEvent
from convenor.interop.ics.objects import Attendee, Organizer
from convenor.people.actions.directory import import_people, plan_people
from convenor.people.drafts import PersonDraft
from convenor.people.enums import PersonKind
from convenor.people.queries.people import people_for
from convenor.scheduling.drafts import AttendeeDraft
from convenor.scheduling.enums import AttendeeRole, PartStat
from convenor.venues.queries.rooms import rooms_for

LONGEST_NAME = 160
PLACES = frozenset({"ROOM", "RESOURCE"})
ROLES = {
    "CHAIR": AttendeeRole.CHAIR,
    "REQ-PARTICIPANT": AttendeeRole.REQUIRED,
    "OPT-PARTICIPANT": AttendeeRole.OPTIONAL,
    "NON-PARTICIPANT": AttendeeRole.OPTIONAL,  # who is only told of it need not come
}


@dataclass(slots=True)
class Directory:
    """Everybody whom the file has named so far, by e-mail: key, and whether they are still active. Grows chunk by chunk.

    In a dry run those who would be made have keys below zero.
    """

    actor: Actor
    zone: str
    dry_run: bool
    known: dict[str, tuple[int, bool]] = field(default_factory=dict)
    people: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    refused: dict[str, str] = field(default_factory=dict)

    def meet(self, events: Iterable[ImportedEvent]) -> None:
        """Look up everybody in these events, and make who isn't there. A few queries, whatever their number."""
        names: dict[str, str] = {}
        for event in events:
            people = [each for each in event.attendees if each.cutype not in PLACES | {"GROUP"}]
            named: list[Attendee | Organizer] = [*people, *([event.organizer] if event.organizer else [])]
            for each in named:
                if "@" in each.email and each.email not in self.known:
                    names[each.email] = names.get(each.email) or each.name
        self._look_up(names)
        if unknown := [email for email in names if email not in self.known and email not in self.refused]:
            self._make(unknown, names)

    def _look_up(self, emails: Iterable[str]) -> None:
        for part in chunks(sorted(emails)):
            rows = people_for(self.actor, active=None).filter(email__in=part).order_by()
            for email, pk, is_active in rows.values_list("email", "pk", "is_active"):
                self.known[email] = (pk, is_active)

    def _make(self, emails: Sequence[str], names: dict[str, str]) -> None:
        drafts = [
            PersonDraft(
                line=number,
                email=email,
                name=(names[email] or email.partition("@")[0])[:LONGEST_NAME],
                organisation=email.rpartition("@")[2],
                kind=PersonKind.EXTERNAL.value,
                zone=self.zone,
            )
            for number, email in enumerate(emails)
        ]
        plan: Plan
        if self.dry_run:
            plan = plan_people(actor=self.actor, drafts=drafts)
            for row in plan.created:
                self.known[emails[row.line]] = (-1 - len(self.known), True)
        else:
            plan = import_people(actor=self.actor, drafts=drafts)
            self._look_up(emails)
        self.people += [row.label for row in plan.created]
        self.notes += [note for note in plan.notes if note not in self.notes]
        for problem in plan.refused:
            self.refused.setdefault(emails[problem.line], problem.sentence)

    def guests(self, event: ImportedEvent, said: list[str]) -> tuple[AttendeeDraft, ...]:
        """Who is asked, each once; `said` gets who was left out and why."""
        found: dict[int, AttendeeDraft] = {}
        has_chair = False
        for each in event.attendees:
            if each.cutype in PLACES:
                continue
            person = self._guest(each, said)
            if person is None or person in found:
                continue
            role = ROLES[each.role]
            if role == AttendeeRole.CHAIR and has_chair:
                sentence = gettext("%(who)s chairs too; a meeting has one chair, so they are required.")
                said.append(sentence % {"who": each.name or each.email})
                role = AttendeeRole.REQUIRED
            has_chair = has_chair or role == AttendeeRole.CHAIR
            found[person] = AttendeeDraft(person, role, PartStat(each.partstat.lower()))
        return tuple(found.values())

    def _guest(self, each: Attendee, said: list[str]) -> int | None:
        who = {"who": each.name or each.email}
        if each.cutype == "GROUP":
            said.append(
                gettext("“%(who)s” is a group, whose members are not known here; it was left out.") % who
            )
        elif "@" not in each.email:
            said.append(gettext("“%(who)s” has no e-mail; it was left out.") % who)
        elif each.email in self.refused:
            params = {**who, "why": self.refused[each.email]}
            said.append(gettext("“%(who)s” was left out: %(why)s") % params)
        elif not self.known[each.email][1]:
            said.append(gettext("%(who)s has left and was not asked.") % who)
        else:
            return self.known[each.email][0]
        return None

    def organiser(self, event: ImportedEvent, guests: Sequence[AttendeeDraft], said: list[str]) -> int | None:
        """Who organises it: the organiser, else whoever imports, else the chair, else the first guest. None: nobody can."""
        named = event.organizer
        if named is not None and (known := self.known.get(named.email)):
            if known[1]:
                return known[0]
            said.append(
                gettext("%(who)s has left and can't organise it.") % {"who": named.name or named.email}
            )
        if self.actor.person_id is not None:
            return self.actor.person_id
        chairs = [each for each in guests if each.role == AttendeeRole.CHAIR]
        return next((each.person_id for each in (*chairs, *guests)), None)


class Rooms:
    """Rooms by the words that a calendar may use for them: code, name, both."""

    def __init__(self, actor: Actor) -> None:
        self._by_word: dict[str, set[int]] = defaultdict(set)
        for pk, code, name in rooms_for(actor).prefetch_related(None).values_list("pk", "code", "name"):
            for word in {code, name, f"{code} {name}", f"{name} {code}", f"{code}, {name}"}:
                self._by_word[folded(word)].add(pk)

    def of(self, event: ImportedEvent) -> int | None:
        """The one room that is meant; None where none is, or it isn't clear which."""
        words = [word for each in event.attendees if each.cutype in PLACES for word in _words(each)]
        words += [event.location, *event.location.replace(",", ";").split(";")]
        for word in words:
            found = self._by_word.get(folded(word), set()) if word.strip() else set()
            if len(found) == 1:
                return next(iter(found))
        return None


def _words(each: Attendee) -> tuple[str, str]:
    return each.name, each.email.partition("@")[0]


def folded(word: str) -> str:
    """Without case, and with single spaces."""
    return " ".join(word.casefold().split())
