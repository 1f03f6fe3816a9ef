"""The secret in a feed's address: the feed's key and its nonce, signed with the installation's key."""

from __future__ import annotations

import secrets

from django.core.signing import BadSignature, Signer

LONGEST_TOKEN = 200


def _signer() -> Signer:
    return Signer(sep=".", salt="convenor.calendar-feed")


def new_nonce() -> str:
    """160 random bits."""
    return secrets.token_hex(16)


def token_of(feed_id: int, nonce: str) -> str:
    return _signer().sign(f"{feed_id}-{nonce}")


def read_token(token: str) -> tuple[int, str] | None:
    """The feed's key and nonce; None for anything that this installation hasn't signed. Compares in constant time."""
    if len(token) > LONGEST_TOKEN:
        return None
    try:
        feed_id, _dash, nonce = _signer().unsign(token).partition("-")
    except BadSignature:
        return None
    return int(feed_id), nonce
