"""The address space's root: sign-in, the screens, the feeds."""

from django.urls import include, path
from django.views.generic import RedirectView

handler400 = "convenor.web.refused.bad_request"

urlpatterns = [
    # An account's address is set by an administrator, on record; allauth's own page would go past both.
    path("account/email/", RedirectView.as_view(pattern_name="settings")),
    path("account/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("convenor.interop.urls")),
    path("", include("convenor.web.urls")),
]
