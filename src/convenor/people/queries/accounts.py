"""Who can sign in, and as whom."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from convenor.base.actor import Actor
from convenor.base.models import User
from convenor.base.permissions import may


def accounts_for(actor: Actor, *, text: str = "") -> QuerySet[User]:
    """Accounts by name, with their persons, for those who set roles; nothing for others. One query."""
    if not may(actor, "user.set_role"):
        return User.objects.none()
    accounts = User.objects.select_related("person__department")
    for word in text.replace("\x00", "").split()[:8]:
        accounts = accounts.filter(Q(display_name__matches=word) | Q(email__icontains=word))
    return accounts


def account_for(actor: Actor, pk: int) -> User:
    """Raises User.DoesNotExist."""
    return accounts_for(actor).get(pk=pk)
