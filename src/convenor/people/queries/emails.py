"""People by the e-mails that somebody wrote down."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from email.utils import parseaddr

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.people.models import Person
from convenor.people.queries.people import people_for

AT_ONCE = 5_000
LONGEST_SHOWN = 100


class UnknownPerson(ValidationError):
    """There is nobody with that e-mail, or nobody that the actor may see; `nearest` is the known one most like it, or ""."""

    def __init__(self, email: str, nearest: str) -> None:
        self.email, self.nearest = email, nearest
        sentence = _("There is nobody with the e-mail “%(email)s”.")
        if nearest:
            sentence = _("There is nobody with the e-mail “%(email)s”; the nearest is %(nearest)s.")
        super().__init__(
            sentence, code="unknown_person", params={"email": email[:LONGEST_SHOWN], "nearest": nearest}
        )


def people_by_email_for(actor: Actor, emails: Sequence[str]) -> dict[str, Person]:
    """The active people by each text as it was written, in that order: an address alone or with a name. Raises UnknownPerson.

    One query for each 5,000, and one more to name the nearest.
    """
    addresses = {text: (parseaddr(text)[1] or text).strip().lower() for text in emails}
    wanted = sorted(set(addresses.values()))
    found: dict[str, Person] = {}
    for first in range(0, len(wanted), AT_ONCE):
        rows = people_for(actor).filter(email__in=wanted[first : first + AT_ONCE]).order_by()
        found |= {person.email: person for person in rows.select_related(None)}
    for text, address in addresses.items():
        if address not in found:
            raise UnknownPerson(text, nearest_email(actor, address))
    return {text: found[address] for text, address in addresses.items()}


def nearest_email(actor: Actor, address: str) -> str:
    """The known e-mail most like it, "" where none is: by the whole address, else by the part before the @."""
    known = list(people_for(actor).order_by("email").values_list("email", flat=True))
    close = difflib.get_close_matches(address[:LONGEST_SHOWN], known, n=1, cutoff=0.6)
    if close:
        return close[0]
    names: dict[str, str] = {}
    for email in known:
        names.setdefault(email.partition("@")[0], email)
    near = difflib.get_close_matches(address.partition("@")[0][:LONGEST_SHOWN], list(names), n=1, cutoff=0.75)
    return names[near[0]] if near else ""
