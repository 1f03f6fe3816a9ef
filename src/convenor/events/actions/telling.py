"""Who is told of what happens to an event: whom its class names, each in their own language. Inside the caller's transaction."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator

from django.conf import settings
from django.utils import translation

from convenor.base import mail, outbox
from convenor.base.actor import Actor
from convenor.events.enums import Occasion
from convenor.events.models import Event
from convenor.events.queries.classes import policy_of
from convenor.events.queries.people_of import persons_by_role
from convenor.events.rules.notices import NoticeFacts, subject_of, text_of
from convenor.people.models import Person
from convenor.scheduling.rules.wording import span_in

Words = Callable[[], tuple[str, str]]
"""Subject and text, in the language in force."""


def tell(*, actor: Actor, event: Event, occasion: Occasion, reason: str = "") -> list[int]:
    """Have those told whom the event's class names; answers who they are. The event's version must have grown already."""
    people = told_of(event, occasion)

    def words() -> tuple[str, str]:
        facts = _facts(actor, event, reason)
        return subject_of(occasion, facts), text_of(occasion, facts)

    mail_people(people, key=f"event:{event.pk}:{event.version}:{occasion}", words=words)
    return people


def told_of(event: Event, occasion: Occasion) -> list[int]:
    """Keys of the people whom the class names for the occasion."""
    roles = policy_of(event.class_version).told.get(occasion, ())
    by_role = persons_by_role(event) if roles else {}
    return list(dict.fromkeys(person for role in roles for person in by_role[role]))


def mail_people(person_ids: Collection[int], *, key: str, words: Words) -> None:
    """A mail to each, in their language; `key` names what is told, so that it is told once. 2 queries."""
    outbox.put_all(_mails(person_ids, key, words))


def _mails(person_ids: Collection[int], key: str, words: Words) -> Iterator[outbox.Message]:
    people = Person.objects.filter(pk__among=person_ids, is_active=True).select_related("user")
    written: dict[str, tuple[str, str]] = {}
    for person in people.order_by("pk"):
        language = person.user.language if person.user else settings.LANGUAGE_CODE
        if language not in written:
            with translation.override(language or settings.LANGUAGE_CODE):
                written[language] = words()
        subject, text = written[language]
        payload = {"to": [person.email], "subject": subject, "text": text}
        yield outbox.Message(kind=mail.KIND, key=f"{key}:{person.pk}", payload=payload)


def _facts(actor: Actor, event: Event, reason: str) -> NoticeFacts:
    dates = span_in(event.starts_at, event.ends_at, event.zone) if event.starts_at and event.ends_at else ""
    return NoticeFacts(
        title=event.title,
        dates=dates,
        who=actor.on_behalf_of_name or actor.name,
        reason=reason,
        link=f"{settings.PUBLIC_URL}/events/{event.pk}/",
    )
