"""One's own account and preferences, and one's delegations."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from convenor.base.actions import set_preferences
from convenor.base.enums import Theme
from convenor.base.forms import ActionForm, TextField, ZoneField
from convenor.people.queries.people import delegations_for, person_for
from convenor.web import theme
from convenor.web.form_pages import form_page, posted
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.settings_tabs import frame_for


class PreferencesForm(ActionForm):
    """set_preferences."""

    display_name = TextField(label=_("name"), max_length=150)
    language = forms.ChoiceField(label=_("language"), required=False)
    zone = ZoneField(required=False, help_text=_("Empty: the zone of the installation."))
    theme = forms.ChoiceField(label=_("theme"), choices=Theme.choices, widget=forms.RadioSelect)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [("", _("As the browser asks")), *settings.LANGUAGES]
        self.fields["language"].choices = offered  # type: ignore[attr-defined]  # a ChoiceField

    @classmethod
    def initial_of(cls, user: Any) -> dict[str, Any]:
        return {name: getattr(user, name) for name in cls.base_fields}


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: ActorRequest) -> HttpResponse:
    user = request.user
    assert user.is_authenticated  # LoginRequiredMiddleware lets nobody else through
    form = PreferencesForm(posted(request), initial=PreferencesForm.initial_of(user))
    response = form_page(
        request,
        form,
        partial(set_preferences, actor=request.actor, user=user),
        done=lambda _user: reverse("settings"),
        said=_("Your preferences are saved."),
        template="settings/account.html",
        context=frame_for(request.actor, "settings"),
    )
    if response.status_code == 302:
        _remember(request, response, form.cleaned_data)
    return response


def _remember(request: HttpRequest, response: HttpResponse, chosen: dict[str, Any]) -> None:
    """Cookies, so that the page is right at once, before anybody is known."""
    look = "auto" if chosen["theme"] == Theme.SYSTEM else chosen["theme"]
    kept: dict[str, Any] = {"max_age": theme.COOKIE_SECONDS, "samesite": "Lax", "secure": request.is_secure()}
    response.set_cookie(theme.COOKIE, look, **kept)
    if chosen["language"]:
        response.set_cookie(settings.LANGUAGE_COOKIE_NAME, chosen["language"], **kept)
    else:
        response.delete_cookie(settings.LANGUAGE_COOKIE_NAME, samesite="Lax")


@require_GET
def delegation(request: ActorRequest) -> HttpResponse:
    """Who works in my name, and in whose I work."""
    actor = request.actor
    context = {
        "person": person_for(actor, actor.person_id) if actor.person_id else None,
        "delegations": delegations_for(actor, actor.person_id or 0),
        "may_delegate": actor.person_id is not None,
    }
    return render_page(request, "settings/delegation.html", context | frame_for(actor, "settings.delegation"))
