"""Function sheets: where each stands, issuing them, who has acknowledged, the PDF, the revisions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.functional import lazy
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_GET, require_POST

from convenor.base import clock
from convenor.base.actor import Actor
from convenor.base.permissions import may
from convenor.events.actions.sheet import Issued, acknowledge, issue_sheets, remind
from convenor.events.enums import SheetState
from convenor.events.queries.sheets import (
    SheetRow,
    counts_of,
    revisions_for,
    sheet_for,
    sheet_rows,
)
from convenor.events.rules.sheet import differences, sheet_number
from convenor.events.rules.sheet_words import day_and_time, section_names, written, written_differences
from convenor.events.sentences.sheet_paper import page_of, revision_words, sheets_pdf
from convenor.web.events.frame import event_frame
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest, key_in
from convenor.web.served import pdf_answer

TAB = "event.sheets"
PER_PAGE = 50
TONES = {
    SheetState.NOT_ISSUED: "neutral",
    SheetState.CHANGED: "warning",
    SheetState.ISSUED: "info",
    SheetState.ACKNOWLEDGED: "ok",
}
TO_ISSUE = (SheetState.NOT_ISSUED, SheetState.CHANGED)


@require_GET
def sheets(request: ActorRequest, pk: int) -> HttpResponse:
    """The table, fifty to a page; `state` shows those in one state."""
    frame = event_frame(request.actor, pk, TAB)
    rows, state = sheet_rows(frame["event"]), request.GET.get("state", "")
    shown = [row for row in rows if not state or row.state == state]
    page = Paginator(shown, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_shown(request.actor, row) for row in page],
        "counts": [(each, n, TONES[each]) for each, n in counts_of(rows).items()],
        "state": state,
        "all": len(rows),
        "may_issue": may(request.actor, "sheet.issue", frame["event"]),
        "to_issue": _to_issue(rows),
        "issued": sum(row.sheet is not None for row in rows),
        "waiting": sum(each.is_open for row in rows for each in row.receipts),
    }
    return render_page(request, "events/sheets.html", frame | context)


@require_POST
def issue(request: ActorRequest, pk: int) -> HttpResponse:
    """All that have changed, or the one named."""
    done: list[Issued] = []
    chosen = _function(request)
    act = partial(issue_sheets, actor=request.actor, event_id=pk, function_ids=chosen, now=clock.now())
    # Put into words once the action has answered.
    said = lazy(lambda: _said(done[0]), str)()
    return deed(request, lambda: done.append(act()), done=_back(request, pk), said=said)


@require_POST
def chase(request: ActorRequest, pk: int) -> HttpResponse:
    """Remind whoever hasn't acknowledged, of all or of one function."""
    chosen = _function(request)
    act = partial(remind, actor=request.actor, event_id=pk, function_ids=chosen, now=clock.now())
    said = gettext("Whoever hasn't acknowledged gets another mail, at most one a day.")
    return deed(request, act, done=_back(request, pk), said=said)


@require_POST
def read(request: ActorRequest, pk: int) -> HttpResponse:
    """An account's own “I have read it”, or that of somebody they act for."""
    act = partial(acknowledge, actor=request.actor, receipt_id=pk, now=clock.now())
    event = key_in(request.POST.get("event", ""))
    done = reverse("today") if event is None else reverse(TAB, args=[event])
    return deed(request, act, done=done, said=gettext("Acknowledged."))


@require_GET
def revisions(request: ActorRequest, pk: int) -> HttpResponse:
    """Every revision of one function's sheet, and what any two differ in: `from` and `to`, else the last two."""
    found = revisions_for(request.actor, pk)
    if not found:
        raise Http404
    function = found[0].function
    by_number = {str(each.revision): each for each in found}
    new = by_number.get(request.GET.get("to", ""), found[0])
    old = by_number.get(request.GET.get("from", ""), by_number.get(str(new.revision - 1)))
    context = {
        "number": sheet_number(function.event.key, function.number),
        "revisions": [(each, section_names(each.changed_sections)) for each in found],
        "old": old,
        "new": new,
        "diff": written_differences(differences(old.content, new.content)) if old is not None else [],
        "sections": written(new.content),
        "when": day_and_time(new.content),
        "issued": revision_words(new.revision, new.issued_at, function.event.zone),
    }
    return render_page(
        request, "events/sheet.html", event_frame(request.actor, function.event_id, TAB) | context
    )


@require_GET
def pdf(request: ActorRequest, pk: int) -> HttpResponse:
    sheet = sheet_for(request.actor, pk)
    page = page_of(sheet)
    title = f"{page.number} {sheet.content['function']['title']}"
    name = f"{sheet.function.event.key}-{sheet.function.number:02}-{sheet.revision}.pdf"
    return pdf_answer(sheets_pdf([page], title=title), name)


def _said(done: Issued) -> str:
    if not done.sheets and not done.receipts:
        return gettext("Nothing has changed since the sheets were issued.")
    n, told = len(done.sheets), len({each.person_id for each in done.receipts})
    return " ".join(
        (
            ngettext("%(n)d sheet issued.", "%(n)d sheets issued.", n) % {"n": n},
            ngettext("%(n)d person is told.", "%(n)d people are told.", told) % {"n": told},
        )
    )


def _shown(actor: Actor, row: SheetRow) -> dict[str, Any]:
    people = dict.fromkeys(f"{each.name} ({each.service.label})" for each in row.would_tell)
    return {
        "row": row,
        "title": row.content["function"]["title"],
        "when": day_and_time(row.content),
        "tone": TONES[row.state],
        "may_be_issued": row.state in TO_ISSUE or bool(row.would_tell),
        "diff": written_differences(list(row.pending)),
        "would_tell": list(people),
        "receipts": [
            (each, each.is_open and may(actor, "sheet.acknowledge", each.person_id)) for each in row.receipts
        ],
    }


def _to_issue(rows: Sequence[SheetRow]) -> int:
    return sum(row.state in TO_ISSUE or bool(row.would_tell) for row in rows)


def _function(request: ActorRequest) -> list[int] | None:
    """The function that a button names; None for all."""
    named = key_in(request.POST.get("function", ""))
    return None if named is None else [named]


def _back(request: ActorRequest, pk: int) -> str:
    query = request.GET.urlencode()
    return reverse(TAB, args=[pk]) + (f"?{query}" if query else "")
