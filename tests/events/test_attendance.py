"""Who is asked to a function: from its draft to the meeting's people and back."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from convenor.events.drafts import AttendeeDraft, FunctionDraft, SpeakerDraft
from convenor.events.enums import PartyRole
from convenor.events.rules.attendance import attendees_of, follows, named_of, roles_of
from convenor.scheduling.enums import AttendeeRole
from tests.factories.functions import function_draft

PEOPLE = st.integers(1, 5)


@st.composite
def drafts(draw: st.DrawFn) -> FunctionDraft:
    """With at most one chair by name, as the validator holds."""
    named = draw(st.dictionaries(PEOPLE, st.sampled_from([AttendeeRole.REQUIRED, AttendeeRole.OPTIONAL])))
    chair = draw(st.none() | PEOPLE)
    if chair is not None:
        named[chair] = AttendeeRole.CHAIR
    return function_draft(
        host_id=draw(st.none() | PEOPLE),
        speakers=tuple(SpeakerDraft(person) for person in draw(st.lists(PEOPLE, unique=True))),
        attendees=tuple(AttendeeDraft(person, role) for person, role in named.items()),
        is_for_all=draw(st.booleans()),
    )


@st.composite
def lists(draw: st.DrawFn) -> dict[int, PartyRole]:
    others = [role for role in PartyRole if role != PartyRole.CHAIR]
    found = draw(st.dictionaries(PEOPLE, st.sampled_from(others)))
    chair = draw(st.none() | PEOPLE)
    return found | ({chair: PartyRole.CHAIR} if chair is not None else {})


@given(drafts(), lists())
def test_what_was_named_is_found_again(draft: FunctionDraft, parties: dict[int, PartyRole]) -> None:
    asked = attendees_of(draft, parties)
    named = named_of(roles_of(asked), draft, parties)
    again = replace(draft, attendees=named)
    assert attendees_of(again, parties) == asked
    assert named_of(roles_of(asked), again, parties) == named  # and nothing more is ever named


@given(drafts(), lists())
def test_everybody_concerned_is_asked_once_and_one_at_most_chairs(
    draft: FunctionDraft, parties: dict[int, PartyRole]
) -> None:
    asked = attendees_of(draft, parties)
    concerned = {each.person_id for each in draft.attendees} | {each.person_id for each in draft.speakers}
    concerned |= {draft.host_id} - {None} if draft.host_id else set()
    concerned |= set(parties) if draft.is_for_all else set()
    assert [each.person_id for each in asked] == sorted(concerned)
    assert sum(each.role == AttendeeRole.CHAIR for each in asked) <= 1
    assert {each.person_id: each.role for each in draft.attendees}.items() <= roles_of(asked).items()


def test_a_speaker_must_come_and_the_events_chair_chairs() -> None:
    draft = function_draft(speakers=(SpeakerDraft(1), SpeakerDraft(2)), is_for_all=True)
    parties = {1: PartyRole.CHAIR, 2: PartyRole.GUEST, 3: PartyRole.GUEST, 4: PartyRole.STAFF}
    assert follows(draft, parties) == {
        1: AttendeeRole.CHAIR,
        2: AttendeeRole.REQUIRED,
        3: AttendeeRole.OPTIONAL,
        4: AttendeeRole.REQUIRED,
    }
