"""What every page with a form does: show it, take it, call one action, show its refusal at the fields or go on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.datastructures import MultiValueDict
from django.utils.functional import Promise

from convenor.base.changes import sentences
from convenor.base.forms import ActionForm
from convenor.web.requests import ActorRequest

REFUSED = 422  # the page again, with what is wrong; htmx swaps it in as any other


def posted(request: ActorRequest) -> QueryDict | None:
    """What binds a form: an empty answer too, such as that of a form of check boxes."""
    return request.POST if request.method == "POST" else None


def uploaded(request: ActorRequest) -> MultiValueDict[str, UploadedFile[Any]] | None:
    return request.FILES if request.method == "POST" else None


def form_page(
    request: ActorRequest,
    form: ActionForm,
    act: Callable[..., Any],
    *,
    done: Callable[[Any], str],
    said: str | Promise,
    template: str,
    context: Mapping[str, Any],
) -> HttpResponse:
    """GET shows the form. POST calls `act` with the cleaned values, says so, and goes to the address that `done` makes of its answer."""
    if request.method == "POST" and form.is_valid():
        try:
            answer = act(**form.cleaned_data)
        except ValidationError as error:
            form.refuse(error)
        else:
            messages.success(request, str(said))
            return redirect(done(answer))
    status = REFUSED if form.is_bound and form.errors else 200
    return render(request, template, {"form": form, **context}, status=status)


def deed(request: ActorRequest, act: Callable[[], Any], *, done: str, said: str | Promise) -> HttpResponse:
    """A button without a form: call the action, say so or why not, and go to `done`."""
    try:
        act()
    except ValidationError as error:
        for texts in sentences(error).values():
            messages.error(request, " ".join(texts))
    else:
        messages.success(request, str(said))
    return redirect(done)
