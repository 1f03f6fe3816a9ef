"""What pages for people without an account share: their language, their network, and that nothing keeps a copy."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import contextmanager

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import translation

NETWORK_V6 = 64
"""Whoever has one IPv6 address has all of its network's."""


def network_of(request: HttpRequest) -> str:
    """Where the request comes from, behind as many proxies as sign-in trusts."""
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (PermissionDenied, ValueError):
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((address, NETWORK_V6), strict=False))
    return str(address)


@contextmanager
def speaking(request: HttpRequest, theirs: str = "") -> Iterator[str]:
    """In the language that the address asks for (`?lang=`), or that they chose before; else in `theirs`, else the browser's."""
    known = dict(settings.LANGUAGES)
    asked = request.GET.get("lang", "")
    if asked not in known:
        asked = "" if settings.LANGUAGE_COOKIE_NAME in request.COOKIES else theirs
    language = asked if asked in known else translation.get_language() or settings.LANGUAGE_CODE
    with translation.override(language):
        yield language


def unseen(answer: HttpResponse, language: str) -> HttpResponse:
    """By search engines and caches, and by whatever the page links to: the address is the permission."""
    answer["X-Robots-Tag"] = "noindex, nofollow"
    answer["Cache-Control"] = "private, no-store"
    answer["Referrer-Policy"] = "same-origin"  # none at all would take the origin from our own forms too
    answer["Content-Language"] = language
    return answer
