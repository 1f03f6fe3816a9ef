"""A meeting becomes an event: choose its class, and go on."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.forms import ActionForm
from convenor.base.permissions import require
from convenor.events.actions.promotion import promote_meeting
from convenor.events.queries.classes import classes_for
from convenor.scheduling.queries.meetings import occurrence_for
from convenor.web.form_pages import form_page, posted
from convenor.web.requests import ActorRequest


class PromoteForm(ActionForm):
    """promote_meeting."""

    class_version_id = forms.TypedChoiceField(
        label=gettext_lazy("event class"),
        coerce=int,
        choices=[],
        help_text=gettext_lazy("It says what will be checked, and brings its tasks."),
    )

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = get_language() or "en"
        titles = [(row.current.pk, row.policy.title.to(language)) for row in classes_for(actor)]
        field = self.fields["class_version_id"]
        assert isinstance(field, forms.ChoiceField)
        titles.sort(key=lambda pair: pair[1])
        field.choices = list(titles)


@require_http_methods(["GET", "HEAD", "POST"])
def promote(request: ActorRequest, pk: int) -> HttpResponse:
    """The meeting itself stays as it is."""
    require(request.actor, "event.create")
    occurrence = occurrence_for(request.actor, pk)
    require(request.actor, "meeting.edit", occurrence.meeting)

    def act(class_version_id: int) -> Any:
        return promote_meeting(
            actor=request.actor, occurrence_id=pk, class_version_id=class_version_id, now=clock.now()
        )

    title = occurrence.title or occurrence.meeting.title
    return form_page(
        request,
        PromoteForm(posted(request), actor=request.actor),
        act,
        done=lambda event: reverse("event", args=[event.pk]),
        said=_("“%(title)s” is an event now; the meeting is its first function.") % {"title": title},
        template="events/promote.html",
        context={
            "title": title,
            "back": reverse("occurrence", args=[pk]),
            "crumbs": [{"label": title, "href": reverse("occurrence", args=[pk])}],
        },
    )
