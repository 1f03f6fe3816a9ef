"""The reminder to guarantee a count, in the language in force."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convenor.scheduling.rules.wording import moment_in


def guarantee_words(
    *, what: str, event: str, due: datetime, zone: str, expected: int, link: str
) -> tuple[str, str]:
    """Subject and text; `what` is the function, or the event itself."""
    values = {"what": what, "event": event, "moment": moment_in(due, zone), "zone": zone}
    subject = " ".join((_("Guaranteed count due: %(what)s") % values).split())
    first = _("The guaranteed count of “%(what)s” is due on %(moment)s (%(zone)s).") % values
    lines = [first, *([] if what == event else [_("Part of: %(event)s") % values])]
    coming = ngettext(
        "%(count)d person on the roll is expected just now.",
        "%(count)d people on the roll are expected just now.",
        expected,
    )
    return subject, "\n".join([*lines, coming % {"count": expected}, "", link]) + "\n"
