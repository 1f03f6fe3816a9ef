"""Checks of what people type: lengths, and characters that no database keeps."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.base.text import validate_text
from convenor.scheduling.rules.findings import Findings

LONGEST_TITLE = 200
LONGEST_LOCATION = 500
LONGEST_UID = 255
LONGEST_DESCRIPTION = 100_000  # bytes of UTF-8


def check_text(found: Findings, field: str, text: str, *, longest: int) -> None:
    """Control characters are refused with their place; emoji and every script are fine."""
    try:
        if not text.isprintable():
            validate_text(text)
    except ValidationError as error:
        found.refuse(field, "bad_character", error.messages[0])
    if len(text) > longest:
        sentence = ngettext(
            "At most %(most)d character fits here; these are %(count)d.",
            "At most %(most)d characters fit here; these are %(count)d.",
            longest,
        )
        found.refuse(field, "too_long", sentence % {"most": longest, "count": len(text)})


def check_title(found: Findings, title: str) -> None:
    if not title.strip():
        found.refuse("title", "required", _("A meeting needs a title."))
    check_text(found, "title", title, longest=LONGEST_TITLE)


def check_description(found: Findings, description: str) -> None:
    check_text(found, "description", description, longest=10 * LONGEST_DESCRIPTION)
    size = len(description.encode("utf-8", "surrogatepass"))
    if size > LONGEST_DESCRIPTION:
        sentence = _("The description takes %(size)d kB; at most %(most)d kB are kept.")
        numbers = {"size": -(-size // 1000), "most": LONGEST_DESCRIPTION // 1000}
        found.refuse("description", "too_long", sentence % numbers)
