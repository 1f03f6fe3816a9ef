"""The signed mark of a form that a stranger opened: when, and which one it is.

It stands for the CSRF token, which protects a session that strangers don't have; and since it names the form that was
sent, the same form sent twice is one registration, whatever the browser's back button brings up again.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.core import signing
from django.utils.crypto import salted_hmac

LEAST = timedelta(seconds=2)
"""Nobody has filled in a form sooner."""
_SALT = "convenor.registration.opened"
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Stamp:
    """`text` is the form's hidden field."""

    text: str
    nonce: str
    opened_at: datetime

    def is_too_quick(self, now: datetime) -> bool:
        return now - self.opened_at < LEAST

    def nonce_for(self, email: str) -> str:
        """Another address from the same form, after the back button, is another registration."""
        said = f"{self.nonce}:{email.strip().lower()}"
        return salted_hmac(_SALT, said, algorithm="sha256").hexdigest()[:43]


def new_stamp(token: str, now: datetime) -> Stamp:
    """For the form at the address with this token."""
    nonce = secrets.token_urlsafe(16)
    text = signing.dumps([nonce, int(now.timestamp())], salt=f"{_SALT}:{token}")
    return Stamp(text, nonce, now)


def read_stamp(token: str, text: str) -> Stamp | None:
    """None for what we haven't signed, or for another form's. Its age doesn't matter: a page may stay open overnight."""
    if len(text) > _LONGEST:
        return None
    try:
        nonce, at = signing.loads(text, salt=f"{_SALT}:{token}")
    except signing.BadSignature:
        return None
    return Stamp(text, nonce, datetime.fromtimestamp(at, UTC))
