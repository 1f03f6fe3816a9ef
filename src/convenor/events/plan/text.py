"""A file's bytes as a plan's text."""

from __future__ import annotations

from django.utils.translation import gettext as _

from convenor.events.plan.checking import PlanErrors
from convenor.events.rules.toml_reading import Problem


def decoded(data: bytes) -> str:
    """The text; a byte-order mark and Windows line ends are fine. Raises PlanErrors for what isn't UTF-8."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Problem((), line, _("This isn't UTF-8 text."), _("Save the file as UTF-8."))
        raise PlanErrors([problem]) from None
    return text.replace("\r\n", "\n")
