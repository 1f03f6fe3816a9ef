"""What must hold of the people on an event's list, and of those who work for it. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base.text import validate_text
from convenor.events.drafts import ContactDraft, PartyDraft
from convenor.events.enums import PartyRole, Service
from convenor.events.rules.dates import Dated, instant_in
from convenor.events.rules.event import PersonFacts, Problems

MOST_PARTIES = 20_000
MOST_PRECEDENCE = 9_999
LONGEST_NOTE = 200
EARLIEST = timedelta(days=60)
"""How long before the event somebody may arrive."""


def party_problems(
    drafts: Sequence[PartyDraft], people: Mapping[int, PersonFacts], known: Iterable[int], event: Dated
) -> Problems:
    """Sentences by the draft's field. `known` are on the list already: they may have left the company since."""
    found: dict[str, list[str]] = defaultdict(list)
    if len(drafts) > MOST_PARTIES:
        found["person_id"].append(_("At most %(most)d people.") % {"most": MOST_PARTIES})
        return found
    chairs = [each.person_id for each in drafts if each.role == PartyRole.CHAIR]
    if len(chairs) > 1:
        names = ", ".join(people[pk].name for pk in chairs if pk in people)
        found["role"].append(_("An event has one chair; named are: %(names)s.") % {"names": names})
    for pk, count in Counter(each.person_id for each in drafts).items():
        if count > 1 and pk in people:
            found["person_id"].append(_("%(name)s is named twice.") % {"name": people[pk].name})
    listed = set(known)
    for draft in drafts:
        for name, sentence in (*_who(draft, people, listed), *_how(draft, people, event)):
            found[name].append(sentence)
    return dict(found)


def _who(draft: PartyDraft, people: Mapping[int, PersonFacts], listed: set[int]) -> Iterable[tuple[str, str]]:
    person, host = people.get(draft.person_id), people.get(draft.host_id or 0)
    if person is None:
        yield "person_id", _("There is no such person.")
        return
    if not person.is_active and draft.person_id not in listed:
        yield "person_id", _("%(name)s is no longer active.") % {"name": person.name}
    if draft.host_id is None:
        return
    if host is None:
        yield "host_id", _("There is no such person.")
    elif not host.is_staff:
        yield (
            "host_id",
            _("%(name)s is from outside; visitors are received by the staff.") % {"name": host.name},
        )
    elif draft.host_id == draft.person_id:
        yield "host_id", _("%(name)s can't be their own host.") % {"name": host.name}


def _how(draft: PartyDraft, people: Mapping[int, PersonFacts], event: Dated) -> Iterable[tuple[str, str]]:
    if draft.role not in PartyRole.values:
        yield "role", _("There is no such role.")
    if draft.precedence is not None and not 1 <= draft.precedence <= MOST_PRECEDENCE:
        yield "precedence", _("Precedence goes from 1 to %(most)d.") % {"most": MOST_PRECEDENCE}
    if len(draft.note) > LONGEST_NOTE:
        yield "note", _("At most %(most)d characters.") % {"most": LONGEST_NOTE}
    try:
        validate_text(draft.note)
    except ValidationError as error:
        yield "note", str(error.message)
    if sentence := _arrives_badly(draft, event):
        name = people[draft.person_id].name if draft.person_id in people else ""
        yield "arrives", sentence % {"name": name}


def _arrives_badly(draft: PartyDraft, event: Dated) -> str | None:
    arrives, over = instant_in(event.zone, draft.arrives), event.load_out_at or event.ends_at
    begins = event.load_in_at or event.starts_at
    if arrives is None or over is None or begins is None:
        return None
    if arrives > over:
        return _("%(name)s can't arrive after the event is over.")
    return _("%(name)s can't arrive so long before the event.") if arrives < begins - EARLIEST else None


def contact_problems(
    drafts: Sequence[ContactDraft], people: Mapping[int, PersonFacts], known: Iterable[int]
) -> Problems:
    """As party_problems, for those who work for the event."""
    found: dict[str, list[str]] = defaultdict(list)
    listed = set(known)
    for pair, count in Counter((each.service, each.person_id) for each in drafts).items():
        if count > 1 and pair[1] in people:
            found["person_id"].append(_("%(name)s is named twice.") % {"name": people[pair[1]].name})
    for draft in drafts:
        person = people.get(draft.person_id)
        if draft.service not in Service.values:
            found["service"].append(_("There is no such service."))
        if person is None:
            found["person_id"].append(_("There is no such person."))
        elif not person.is_active and draft.person_id not in listed:
            found["person_id"].append(_("%(name)s is no longer active.") % {"name": person.name})
    return dict(found)
