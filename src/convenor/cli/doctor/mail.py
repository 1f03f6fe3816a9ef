"""Can mail leave?"""

from __future__ import annotations

import smtplib
from collections.abc import Iterator

from django.conf import settings
from django.core.mail.backends.smtp import EmailBackend

from convenor.cli.doctor.findings import Finding, fault, ok, warning

PATIENCE_SECONDS = 5
REMEDY = "Check CONVENOR_MAIL_URL: scheme, user, password, host and port."


def server() -> Iterator[Finding]:
    """Connects and signs in as the outbox would; sends nothing."""
    if not settings.MAIL_URL:
        sentence = "No mail server is set, so no mail leaves."
        yield warning(
            "mail", sentence, "Set CONVENOR_MAIL_URL, such as smtp+starttls://user:password@host:587."
        )
        return
    backend = EmailBackend(timeout=PATIENCE_SECONDS)
    where = f"{settings.EMAIL_HOST} port {settings.EMAIL_PORT}"
    try:
        backend.open()
        backend.close()
    except (OSError, smtplib.SMTPException) as error:
        yield fault("mail", f"The mail server {where} can't be used: {error}.", REMEDY)
    else:
        yield ok("mail", f"The mail server {where} takes our mail, from {settings.DEFAULT_FROM_EMAIL}.")
