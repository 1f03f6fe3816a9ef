"""What Django refuses before any view is asked: a page that says why, with the way back to what was written."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

TOO_LARGE = 413


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001  # Django's signature
    """Without the request in the page: of a foreign host not even its address may be trusted."""
    reason = _reason(exception)
    page = render_to_string("400.html", {"reason": reason, "has_form": bool(reason)})
    return HttpResponse(page, status=TOO_LARGE if isinstance(exception, RequestDataTooBig) else 400)


def _reason(exception: Exception) -> str:
    if isinstance(exception, RequestDataTooBig):
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE / 1_000_000
        return _("The texts of the form are longer than %(most)s MB together, and weren't taken.") % {
            "most": most
        }
    if isinstance(exception, TooManyFieldsSent | TooManyFilesSent):
        return _("The form has more fields than are taken at once.")
    return ""
