"""Filters of the list of events that people keep for themselves."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from convenor.base.actor import Actor
from convenor.base.changes import delete_row, save_row
from convenor.base.permissions import require
from convenor.base.transactions import action
from convenor.events.models import SavedView
from convenor.events.queries.listed import saved_views_for

MOST_VIEWS = 30


@action
def save_view(*, actor: Actor, name: str, query: str) -> SavedView:
    """Keep the filter under the name, in place of the one that has it already. Raises ValidationError, Refused."""
    require(actor, "event.see")
    if actor.user_id is None:
        raise ValidationError({"name": [_("Only who has an account can keep filters.")]})
    row = saved_views_for(actor).filter(name=name.strip()).first() or SavedView(user_id=actor.user_id)
    if row._state.adding and saved_views_for(actor).count() >= MOST_VIEWS:
        raise ValidationError({"name": [_("At most %(most)d filters.") % {"most": MOST_VIEWS}]})
    save_row(actor=actor, action="saved_view.saved", row=row, changes={"name": name.strip(), "query": query})
    return row


@action
def drop_view(*, actor: Actor, view_id: int) -> None:
    """Raises SavedView.DoesNotExist for another's."""
    row = saved_views_for(actor).get(pk=view_id)
    delete_row(actor=actor, action="saved_view.dropped", row=row)
