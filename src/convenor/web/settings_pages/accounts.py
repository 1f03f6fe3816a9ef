"""Who can sign in, and what they may do."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.contrib.auth.password_validation import validate_password
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from convenor.base.actions import change_account
from convenor.base.enums import Role
from convenor.base.forms import ActionForm, TextField
from convenor.base.permissions import require
from convenor.people.actions.account import give_account
from convenor.people.queries.accounts import account_for, accounts_for
from convenor.web.form_pages import form_page, posted
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.settings_tabs import frame_for

TAB = "settings.accounts"
FORM = ["GET", "HEAD", "POST"]
PER_PAGE = 50


class NewAccountForm(ActionForm):
    """give_account."""

    email = forms.EmailField(label=gettext_lazy("e-mail"), max_length=254)
    display_name = TextField(label=gettext_lazy("name"), max_length=150)
    role = forms.ChoiceField(label=gettext_lazy("role"), choices=Role.choices, initial=Role.ORGANISER)
    password = forms.CharField(
        label=gettext_lazy("first password"),
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=gettext_lazy("Empty: they set one themselves by “Forgotten your password?”."),
        validators=[validate_password],
    )


class AccountForm(ActionForm):
    """change_account."""

    email = forms.EmailField(label=gettext_lazy("e-mail"), max_length=254)
    display_name = TextField(label=gettext_lazy("name"), max_length=150)
    role = forms.ChoiceField(label=gettext_lazy("role"), choices=Role.choices)
    is_active = forms.BooleanField(label=gettext_lazy("can sign in"), required=False)

    @classmethod
    def initial_of(cls, user: Any) -> dict[str, Any]:
        return {name: getattr(user, name) for name in cls.base_fields}


@require_GET
def accounts(request: ActorRequest) -> HttpResponse:
    require(request.actor, "user.set_role")
    text = request.GET.get("q", "")[:100]
    page = Paginator(accounts_for(request.actor, text=text), PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "text": text}
    return render_page(request, "settings/accounts.html", context | frame_for(request.actor, TAB))


@require_http_methods(FORM)
def new(request: ActorRequest) -> HttpResponse:
    require(request.actor, "user.set_role")
    return form_page(
        request,
        NewAccountForm(posted(request)),
        partial(give_account, actor=request.actor),
        done=lambda _user: reverse(TAB),
        said=_("The account is made."),
        template="settings/form.html",
        context=frame_for(request.actor, TAB, _("New account")),
    )


@require_http_methods(FORM)
def edit(request: ActorRequest, pk: int) -> HttpResponse:
    require(request.actor, "user.set_role")
    user = account_for(request.actor, pk)
    return form_page(
        request,
        AccountForm(posted(request), initial=AccountForm.initial_of(user)),
        partial(change_account, actor=request.actor, user=user),
        done=lambda _user: reverse(TAB),
        said=_("The account is changed."),
        template="settings/form.html",
        context=frame_for(request.actor, TAB, str(user)),
    )
