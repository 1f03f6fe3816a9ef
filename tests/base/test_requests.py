"""Request names, and sign-in."""

import logging
import re

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from convenor.base import request_id
from convenor.base.middleware import RequestIdMiddleware
from convenor.base.models import AuditEntry, OutboxMessage, User
from convenor.base.request_id import RequestIdFilter
from tests.base import cast


def seen_by_view(offered: str | None) -> tuple[str, str]:
    """What the view's code is told the request's name is, and what the answer says."""
    seen: list[str] = []

    def view(_request: HttpRequest) -> HttpResponse:
        seen.append(request_id.current())
        return HttpResponse()

    headers = {} if offered is None else {"X-Request-ID": offered}
    response = RequestIdMiddleware(view)(RequestFactory().get("/", headers=headers))
    return seen[0], response["X-Request-ID"]


def test_a_request_keeps_the_name_it_was_given() -> None:
    assert seen_by_view("a.b-c_9") == ("a.b-c_9", "a.b-c_9")
    assert request_id.current() == ""


@pytest.mark.parametrize("offered", [None, "", "a b", "x" * 65, "a\nb", "<script>", "ș", "ok\n"])
def test_any_other_name_is_replaced(offered: str | None) -> None:
    seen, answered = seen_by_view(offered)
    assert seen == answered
    assert re.fullmatch("[0-9a-f]{32}", seen)


def test_log_lines_carry_it() -> None:
    line = logging.LogRecord("convenor", logging.INFO, "", 1, "hello", None, None)
    RequestIdFilter().filter(line)
    assert line.__dict__["request_id"] == "-"
    with request_id.named("req-7"):
        RequestIdFilter().filter(line)
    assert line.__dict__["request_id"] == "req-7"


@pytest.fixture
def alice(db: None) -> User:
    cache.clear()
    return cast.user("Alice")


def sign_in(client: Client, email: str, password: str) -> HttpResponse:
    form = {"login": email, "password": password}
    return client.post(reverse("account_login"), form)  # type: ignore[return-value]  # the test client's own kind


def test_sign_in_by_address_in_any_case_goes_on_record(alice: User, client: Client) -> None:
    response = sign_in(client, " ALICE@example.org ", "correct horse")
    assert (response.status_code, response["Location"]) == (302, "/")
    assert client.session["_auth_user_id"] == str(alice.pk)
    kept = AuditEntry.objects.get()
    assert (kept.action, kept.actor, kept.request_id) == ("user.signed_in", alice, response["X-Request-ID"])


def test_a_wrong_password_is_said_plainly_and_too_many_are_stopped(alice: User, client: Client) -> None:
    for _ in range(5):
        assert (
            "The e-mail address or the password is not right."
            in sign_in(client, alice.email, "guess").content.decode()
        )
    stopped = sign_in(client, alice.email, "correct horse")
    assert "Too many wrong passwords. Please wait five minutes and try again." in stopped.content.decode()
    assert "_auth_user_id" not in client.session
    assert not AuditEntry.objects.exists()


def test_a_deactivated_user_is_told_so_only_with_the_right_password(alice: User, client: Client) -> None:
    User.objects.filter(pk=alice.pk).update(is_active=False)
    assert "deactivated" not in sign_in(client, alice.email, "guess").content.decode()
    response = sign_in(client, alice.email, "correct horse")
    assert response["Location"] == reverse("account_login")
    assert "This account has been deactivated." in client.get(response["Location"]).content.decode()
    assert "_auth_user_id" not in client.session


def test_a_user_deactivated_while_signed_in_is_signed_out(alice: User, client: Client) -> None:
    client.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    User.objects.filter(pk=alice.pk).update(is_active=False)
    response = client.get(reverse("account_change_password"))
    assert response.status_code == 302
    assert response["Location"].startswith(reverse("account_login"))


@pytest.mark.django_db
def test_nobody_registers_themselves(client: Client) -> None:
    form = {
        "email": "eve@example.org",
        "password1": "correct horse battery",
        "password2": "correct horse battery",
    }
    client.post(reverse("account_signup"), form)
    assert not User.objects.exists()
    assert mail.outbox == []


@pytest.fixture
def reset(alice: User, client: Client) -> OutboxMessage:
    """What is waiting to be sent after Alice has said that she has forgotten her password."""
    client.post(reverse("account_reset_password"), {"email": alice.email})
    return OutboxMessage.objects.get()


def test_a_forgotten_password_is_mailed_through_the_outbox_and_set_on_record(
    alice: User, client: Client, reset: OutboxMessage
) -> None:
    assert (reset.kind, reset.payload["to"], mail.outbox) == ("mail", [alice.email], [])
    (link,) = re.findall(r"http://testserver(/\S+/key/\S+)", reset.payload["text"])
    form = client.get(link, follow=True).redirect_chain[-1][0]
    client.post(form, {"password1": "battery staple", "password2": "battery staple"})
    alice.refresh_from_db()
    assert alice.check_password("battery staple")
    assert AuditEntry.objects.get().action == "user.password_set"


@pytest.mark.django_db
def test_nobody_is_written_to_who_has_no_account(client: Client) -> None:
    answer = client.post(reverse("account_reset_password"), {"email": "stranger@example.org"})
    assert answer["Location"] == reverse("account_reset_password_done")
    assert not OutboxMessage.objects.exists()


def test_nobody_changes_their_own_address(alice: User, client: Client) -> None:
    client.force_login(alice, backend="allauth.account.auth_backends.AuthenticationBackend")
    answer = client.post("/account/email/", {"action_add": "", "email": "boss@example.org"})
    assert (answer.status_code, answer["Location"]) == (302, reverse("settings"))
    assert not EmailAddress.objects.filter(email="boss@example.org").exists()
