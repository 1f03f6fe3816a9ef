"""What the page of a roll shows, as plain values for its template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from convenor.attendance.enums import SeatState
from convenor.attendance.forms.roll import GuaranteeForm
from convenor.attendance.forms.seats import SeatsDeedForm
from convenor.attendance.queries.forecast import forecast_for
from convenor.attendance.queries.numbers import Numbers, numbers_of
from convenor.attendance.queries.roll_page import RollPage, allotments_of, roll_page
from convenor.attendance.queries.seats import ORDER, SORTS, departments_on, page_of_seats, seat_keys
from convenor.attendance.queries.trend import trend_of
from convenor.attendance.rules.capacity_bar import ALLOTTED, FREE
from convenor.attendance.rules.roll_troubles import RollTrouble, Wrong
from convenor.attendance.sentences.roll import trouble_sentence
from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.web.rolls.filters import SeatsForm
from convenor.web.rolls.lines import lines_of

PER_PAGE = 50
NAMES: Mapping[str, str | Promise] = {
    ALLOTTED: gettext_lazy("set apart"),
    FREE: pgettext_lazy("seats", "free"),
}
SORTED_BY: Mapping[str, str | Promise] = {
    "state": gettext_lazy("State"),
    "name": gettext_lazy("Name"),
    "waitlist": gettext_lazy("Turn on the waitlist"),
}
DEADLINES = (
    ("rsvp_by", gettext_lazy("Answers are due")),
    ("cancel_free_until", gettext_lazy("Cancelling is free until")),
    ("guarantee_due", gettext_lazy("Guaranteed count is due")),
)


def list_context(actor: Actor, roll: Any, query: QueryDict) -> dict[str, Any]:
    """The filter and one page of the list: all that typing in the search box asks for."""
    form = SeatsForm(query, departments=partial(departments_on, roll))
    page = Paginator(seat_keys(roll, form.asked), PER_PAGE).get_page(query.get("page"))
    may_edit = may(actor, "roll.edit", roll.event)
    return {
        "roll": roll,
        "form": form,
        "page": page,
        "lines": lines_of(roll, page_of_seats(roll, list(page.object_list))),
        "is_filtered": form.asked.is_filtered,
        "sorts": [_sort(form, name, current=form.asked.sort) for name in SORTS],
        "may_keep": may_edit,
        "deed_form": SeatsDeedForm(allotments=allotment_names(roll)) if may_edit else None,
    }


def page_context(actor: Actor, roll: Any, now: datetime, form: SeatsForm) -> dict[str, Any]:
    """What stands above and beside the list."""
    numbers = numbers_of([roll])[roll.pk]
    page = roll_page(actor, roll, numbers, now=now)
    return {
        "numbers": numbers,
        "bar": bar_of(numbers, form),
        "states": _states(numbers, form),
        "look": page,
        "troubles": [_trouble(each, page, form) for each in page.troubles],
        "deadlines": [
            (label, getattr(roll, name), getattr(roll, name) <= now)
            for name, label in DEADLINES
            if getattr(roll, name)
        ],
        "guarantee": GuaranteeForm(initial={"count": _guarantee(roll, numbers)}),
        "forecast": partial(forecast_for, actor, roll.pk, now),
        "trend": partial(trend_of, roll, now),
    }


def bar_of(numbers: Numbers, form: SeatsForm | None = None) -> dict[str, Any]:
    """The capacity bar with a name for each of its parts."""
    bar = numbers.bar
    parts = [{"segment": each, "label": segment_name(each.name)} for each in bar.segments]
    words = ", ".join(f"{each.count} {segment_name(each.name)}" for each in bar.segments)
    return {"bar": bar, "parts": parts, "words": words, "capacity": numbers.capacity, "form": form}


def segment_name(name: str) -> str:
    return str(SeatState(name).label).lower() if name in SeatState else str(NAMES[name])


def allotment_names(roll: Any) -> list[tuple[int, str]]:
    return [(each.pk, str(each.department or each.organisation)) for each in allotments_of(roll)]


def rolls_context(rolls: Sequence[Any]) -> list[dict[str, Any]]:
    """Functions' rolls, each with its bar."""
    numbers = numbers_of(rolls)
    return [
        {"roll": roll, "title": title_of(roll), "numbers": numbers[roll.pk], **bar_of(numbers[roll.pk])}
        for roll in rolls
    ]


def title_of(roll: Any) -> str:
    if roll.function is None:
        return str(roll.event.title)
    occurrence = roll.function.occurrence
    return str(occurrence.title or occurrence.meeting.title)


def _states(numbers: Numbers, form: SeatsForm) -> list[dict[str, Any]]:
    """The counts by state as links that filter the list; the whole roll first."""
    chosen = form.query.getlist("state")
    whole = {
        "label": _("All"),
        "count": numbers.total,
        "query": form.with_state(""),
        "current": not chosen,
    }
    return [
        whole,
        *(
            {
                "label": state.label,
                "count": numbers.of(state),
                "query": form.with_state(state.value),
                "current": chosen == [state.value],
            }
            for state in ORDER
            if numbers.of(state)
        ),
    ]


def _sort(form: SeatsForm, name: str, *, current: str) -> dict[str, Any]:
    return {"label": SORTED_BY[name], "query": form.with_sort(name), "current": name == current}


def _guarantee(roll: Any, numbers: Numbers) -> int:
    return numbers.coming if roll.guaranteed is None else int(roll.guaranteed)


def _trouble(trouble: RollTrouble, page: RollPage, form: SeatsForm) -> dict[str, Any]:
    """With the cheapest way out: a link, or a button for what can be done at once."""
    key = page.roll.pk
    here = (
        reverse("roll", args=[key])
        if page.roll.function_id
        else reverse("event.roll", args=[page.roll.event_id])
    )
    ways: Mapping[Wrong, tuple[str, str]] = {
        Wrong.OVER: (_("Look for a larger room"), reverse("roll.refit", args=[key])),
        Wrong.OUTGROWN: (_("Look for a larger room"), reverse("roll.refit", args=[key])),
        Wrong.SHRUNK: (_("Look for a smaller room"), reverse("roll.refit", args=[key])),
        Wrong.ROOM_HOLDS_MORE: (_("Change the capacity"), reverse("roll.edit", args=[key])),
        Wrong.GUARANTEE_LATE: (_("Give the count"), "#guarantee"),
        Wrong.ANSWERS_LATE: (_("Who hasn't answered"), f"{here}?{form.with_state(SeatState.INVITED)}#seats"),
        Wrong.DOUBLES: (_("Who"), "#doubles"),
    }
    label, href = ways.get(trouble.kind, ("", ""))
    is_note = trouble.kind is Wrong.SHRUNK
    return {
        "sentence": trouble_sentence(trouble),
        "tone": "info" if is_note else "warning",
        "icon": "info" if is_note else "triangle-alert",
        "label": label,
        "href": href,
        "offers": trouble.kind is Wrong.FREE_WHILE_WAITING,
    }
