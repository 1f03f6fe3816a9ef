"""Who acts: the explicit first argument of every action and every query."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from convenor.base.enums import Role, Scope

NOT_ALLOWED = _("You are not allowed to do that.")


class Refused(PermissionDenied):
    """The actor may not; `sentence` says so in the reader's language, `verb` is the row of the table."""

    def __init__(self, verb: str, sentence: str | Promise = NOT_ALLOWED) -> None:
        self.verb, self.sentence = verb, sentence
        super().__init__(verb)

    def __str__(self) -> str:
        return str(self.sentence)


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A signed-in user, a stranger (`nobody`) or the machine itself (`system`).

    `principals` are the persons this one is a delegate of, with the scope in force now;
    `on_behalf_of` is the principal in whose name the present action is done. An outsider has an account
    but is none of the staff: they see themselves, their meetings and whom they meet there.

    `stands_in_for` are persons in whose name one action may be done on what it has been given, though they delegated
    nothing: it opens that, and nothing else of theirs to read. Only actions set it, on an actor of their own.
    """

    user_id: int | None
    person_id: int | None
    role: Role
    name: str
    principals: Mapping[int, Scope] = field(default_factory=dict, hash=False)
    stands_in_for: frozenset[int] = frozenset()
    on_behalf_of: int | None = None
    on_behalf_of_name: str = ""
    request_id: str = ""
    is_system: bool = False
    is_outsider: bool = False

    @classmethod
    def system(cls, reason: str) -> Actor:
        """Convenor itself, for work that nobody asked for just now; `reason` goes on record as the name."""
        return cls(user_id=None, person_id=None, role=Role.ADMINISTRATOR, name=reason, is_system=True)

    @classmethod
    def nobody(cls) -> Actor:
        """Someone who has not signed in: sees nothing, may do nothing."""
        return cls(user_id=None, person_id=None, role=Role.VIEWER, name="")

    @property
    def is_signed_in(self) -> bool:
        return self.user_id is not None or self.is_system

    def scope_for(self, person_id: int) -> Scope | None:
        """What this actor may do in the person's name: everything in their own, else what was delegated."""
        if self.person_id == person_id or self.is_system or person_id in self.stands_in_for:
            return Scope.ACT
        return self.principals.get(person_id)

    def _reaches(self, person_id: int, scope: Scope) -> bool:
        granted = self.scope_for(person_id)
        return granted is not None and granted.includes(scope)

    def may_act_for(self, person_id: int) -> bool:
        return self._reaches(person_id, Scope.ACT)

    def may_propose_for(self, person_id: int) -> bool:
        return self._reaches(person_id, Scope.PROPOSE)

    def may_see_for(self, person_id: int) -> bool:
        return self._reaches(person_id, Scope.SEE)

    def acting_for(self, person_id: int, name: str) -> Actor:
        """The same actor, doing the next action in a principal's name; Refused without the scope."""
        if not self.may_act_for(person_id):
            raise Refused("person.act_for", _("You may not act in this person's name."))
        return self.named_for(person_id, name)

    def named_for(self, person_id: int, name: str) -> Actor:
        """The same actor, on record as acting for this person.

        A method, since `dataclasses.replace` refuses the lazy stand-in that requests carry.
        """
        return replace(self, on_behalf_of=person_id, on_behalf_of_name=name)
