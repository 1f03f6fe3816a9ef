"""Sign-in as a company wants it: accounts are given, not taken."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context as allauth_context
from django.contrib import messages
from django.contrib.sites.shortcuts import get_current_site
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from convenor.base import mail, outbox
from convenor.base.actor import Actor
from convenor.base.audit import record
from convenor.base.enums import Role
from convenor.base.models import User
from convenor.base.transactions import action


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    """No self-registration; a deactivated user is told so; sign-ins go on record.

    allauth's rate limits stay on: 5 wrong passwords for one account in 5 minutes, 10 a minute from
    one address.
    """

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The e-mail address or the password is not right."),
        "too_many_login_attempts": _("Too many wrong passwords. Please wait five minutes and try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002  # allauth's signature
        return False

    def respond_user_inactive(self, request: HttpRequest, user: User) -> HttpResponse:  # noqa: ARG002  # allauth's signature
        """Only who knows the password gets here, so it tells a stranger nothing."""
        messages.error(request, _("This account has been deactivated. Your administrator can open it again."))
        return HttpResponseRedirect(reverse("account_login"))

    def post_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse:
        put_sign_in_on_record(user)
        answer: HttpResponse = super().post_login(request, user, **kwargs)
        return answer

    def set_password(self, user: User, password: str) -> None:
        set_password(user, password)

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """By the outbox: a mail server that is slow or absent must not hold a stranger's request."""
        request = allauth_context.request
        told = {"request": request, "email": email, "current_site": get_current_site(request), **context}
        put_in_outbox(self.render_mail(template_prefix, email, told))


@action
def set_password(user: User, password: str) -> None:
    user.set_password(password)
    user.save(update_fields=["password"])
    record(actor=_actor(user), action="user.password_set", obj=user)


@action
def put_in_outbox(message: EmailMessage) -> None:
    content = {"to": message.to, "subject": str(message.subject), "text": message.body}
    outbox.put(kind=mail.KIND, key=f"{mail.OPENS_ACCOUNTS}{uuid4().hex}", payload=content)


@action
def put_sign_in_on_record(user: User) -> None:
    record(actor=_actor(user), action="user.signed_in", obj=user)


def _actor(user: User) -> Actor:
    return Actor(user_id=user.pk, person_id=None, role=Role(user.role), name=str(user))
