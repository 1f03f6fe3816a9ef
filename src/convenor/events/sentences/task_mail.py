"""The daily mail about somebody's tasks, in the language in force."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext


@dataclass(frozen=True, slots=True)
class TaskLine:
    """`worker` is "" where the task is the reader's own."""

    title: str
    event: str
    due_on: date
    worker: str = ""


def subject_of(lines: Sequence[TaskLine], today: date) -> str:
    """Such as "Tasks: 1 overdue, 2 due"."""
    overdue = sum(line.due_on < today for line in lines)
    parts = []
    if overdue:
        parts.append(ngettext("%(count)d overdue", "%(count)d overdue", overdue) % {"count": overdue})
    if due := len(lines) - overdue:
        parts.append(ngettext("%(count)d due soon", "%(count)d due soon", due) % {"count": due})
    return _("Tasks: %(counts)s") % {"counts": ", ".join(parts)}


def text_of(lines: Sequence[TaskLine], today: date, link: str = "") -> str:
    """The reader's own by when they are due, then what is late with others."""
    mine = [line for line in lines if not line.worker]
    groups = (
        (_("Overdue"), [line for line in mine if line.due_on < today]),
        (_("Due today"), [line for line in mine if line.due_on == today]),
        (_("Due within a week"), [line for line in mine if line.due_on > today]),
        (_("Overdue with others, in your events"), [line for line in lines if line.worker]),
    )
    paragraphs = ["\n".join([f"{head}:", *_written(group)]) for head, group in groups if group]
    return "\n\n".join([*paragraphs, *([link] if link else [])]) + "\n"


def _written(lines: Iterable[TaskLine]) -> Iterator[str]:
    for line in sorted(lines, key=lambda each: (each.due_on, each.event, each.title)):
        values = {
            "title": line.title,
            "event": line.event,
            "day": date_format(line.due_on, "DATE_FORMAT"),
            "name": line.worker,
        }
        if line.worker:
            yield "– " + _("%(title)s (%(event)s), %(name)s, due on %(day)s") % values
        else:
            yield "– " + _("%(title)s (%(event)s), due on %(day)s") % values
