"""Who is asked to a function's meeting: its own people, and the event's where it is for all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from convenor.events.drafts import AttendeeDraft, FunctionDraft
from convenor.events.enums import PartyRole
from convenor.scheduling.enums import AttendeeRole

ROLES: Mapping[PartyRole, AttendeeRole] = {
    PartyRole.CHAIR: AttendeeRole.CHAIR,
    PartyRole.PARTICIPANT: AttendeeRole.REQUIRED,
    PartyRole.OPTIONAL: AttendeeRole.OPTIONAL,
    PartyRole.GUEST: AttendeeRole.OPTIONAL,
    PartyRole.STAFF: AttendeeRole.REQUIRED,
}
Parties = Mapping[int, PartyRole]
Roles = dict[int, AttendeeRole]


def follows(draft: FunctionDraft, parties: Parties) -> Roles:
    """Who comes without being named: the event's people, the host and the speakers, by key."""
    found: Roles = {person: ROLES[role] for person, role in parties.items()} if draft.is_for_all else {}
    for person in (draft.host_id, *(each.person_id for each in draft.speakers)):
        if person is not None and found.get(person) != AttendeeRole.CHAIR:
            found[person] = AttendeeRole.REQUIRED
    return found


def attendees_of(draft: FunctionDraft, parties: Parties) -> tuple[AttendeeDraft, ...]:
    """Everybody of the function's meeting. What is said by name goes before what follows; a chair named so is the only one."""
    given = {each.person_id: each.role for each in draft.attendees}
    found = follows(draft, parties)
    if AttendeeRole.CHAIR in given.values():
        chairs = [person for person, role in found.items() if role == AttendeeRole.CHAIR]
        found |= dict.fromkeys(chairs, AttendeeRole.REQUIRED)
    found |= given
    return tuple(AttendeeDraft(person, role) for person, role in sorted(found.items()))


def named_of(
    asked: Mapping[int, AttendeeRole], draft: FunctionDraft, parties: Parties
) -> tuple[AttendeeDraft, ...]:
    """Who must have been named, where `asked` are a meeting's people: the other way round from `attendees_of`."""
    found = follows(draft, parties)
    named = {person: role for person, role in asked.items() if found.get(person) != role}
    if AttendeeRole.CHAIR in named.values():
        # The event's chair is asked as one of the others then, which follows too.
        others = {person for person, role in found.items() if role == AttendeeRole.CHAIR}
        named = {
            person: role
            for person, role in named.items()
            if not (person in others and role == AttendeeRole.REQUIRED)
        }
    return tuple(AttendeeDraft(person, role) for person, role in sorted(named.items()))


def roles_of(attendees: Iterable[AttendeeDraft]) -> Roles:
    return {each.person_id: each.role for each in attendees}
