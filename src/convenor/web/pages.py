"""A page or one fragment of it: the same template serves both."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers

from convenor.web.requests import ActorRequest


def render_page(
    request: ActorRequest,
    template: str,
    context: Mapping[str, Any],
    *,
    fragments: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    """Render the page, or, when htmx asks for an element in `fragments`, just that partial.

    `fragments` maps the id of an element (HX-Target) to a partial of the template
    (django-template-partials): an allow-list, so that no client can name a template.
    """
    element = (request.htmx.target or "").rpartition("#")[2]  # htmx 4 sends `div#slots`
    partial = (fragments or {}).get(element) if request.htmx else None
    name = f"{template}#{partial}" if partial else template
    response = render(request, name, dict(context), status=status)
    patch_vary_headers(response, ["HX-Request", "HX-Target"])
    return response
