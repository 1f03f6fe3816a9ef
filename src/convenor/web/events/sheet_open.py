"""A function sheet at its secret address, for a caterer without an account: their part of it, its PDF, “I have read it”."""

from __future__ import annotations

from functools import partial

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET, require_http_methods

from convenor.base import clock
from convenor.events.actions.sheet import acknowledge_by_token
from convenor.events.enums import Service
from convenor.events.queries.sheets import also_waiting, newer_than, receipt_by_token
from convenor.events.rules.sheet import sheet_number
from convenor.events.rules.sheet_words import day_and_time, section_names, written
from convenor.events.sentences.sheet_paper import page_of, revision_words, sheets_pdf
from convenor.web.form_pages import deed
from convenor.web.pages import render_page
from convenor.web.requests import ActorRequest
from convenor.web.served import pdf_answer


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def open_sheet(request: ActorRequest, token: str) -> HttpResponse:
    """Reading changes nothing: mail programs look at addresses before people do. The button says that it was read."""
    receipt = receipt_by_token(token)
    if request.method == "POST":
        act = partial(acknowledge_by_token, token=token, now=clock.now())
        done = reverse("sheet.open", args=[token])
        return deed(request, act, done=done, said=gettext("Thank you. It is noted that you have read it."))
    page = page_of(receipt.sheet, service=Service(receipt.service))
    event = receipt.sheet.function.event
    context = {
        "receipt": receipt,
        "page": page,
        "function": page.content["function"],
        "when": day_and_time(page.content),
        "issued": revision_words(page.revision, page.issued_at, page.zone),
        "changed": section_names(list(page.changed)),
        "sections": written(page.content),
        "newer": newer_than(receipt),
        "coordinator": event.owner,
        "waiting": [(each, *_named(each)) for each in also_waiting(receipt)],
    }
    return _unseen(render_page(request, "events/sheet_open.html", context))


@login_not_required
@require_GET
def open_pdf(request: ActorRequest, token: str) -> HttpResponse:  # noqa: ARG001  # a view takes its request
    receipt = receipt_by_token(token)
    page = page_of(receipt.sheet, service=Service(receipt.service))
    title = f"{page.number} {page.content['function']['title']}"
    return _unseen(pdf_answer(sheets_pdf([page], title=title), f"{page.number.replace('/', '-')}.pdf"))


def _named(receipt: object) -> tuple[str, str]:
    """Number and title of what else waits."""
    sheet = receipt.sheet  # type: ignore[attr-defined]  # a receipt: screens import no models
    number = sheet_number(sheet.function.event.key, sheet.function.number)
    return f"{number} {sheet.content['function']['title']}", day_and_time(sheet.content)


def _unseen(answer: HttpResponse) -> HttpResponse:
    """By search engines and caches: the address is the permission."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "private, no-store"
    return answer
