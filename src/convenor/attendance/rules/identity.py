"""What a registration is known by: the secret of its link, the code on its badge, the text that is searched."""

from __future__ import annotations

import secrets

from convenor.base.folding import folded

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's: nothing that is read as something else
CODE_LENGTH, TOKEN_BYTES = 12, 32


def new_token() -> str:
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_code() -> str:
    """60 bits: enough to be drawn once, and short enough to be typed at a door."""
    drawn = secrets.randbits(5 * CODE_LENGTH)
    return "".join(ALPHABET[drawn >> (5 * place) & 31] for place in range(CODE_LENGTH))


def search_text(*texts: str) -> str:
    """Folded, each text once, in which screens look for words."""
    return folded(" ".join(dict.fromkeys(text.strip() for text in texts if text.strip())))
