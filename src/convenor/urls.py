"""The address space's root: sign-in, the screens, the feeds."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("convenor.interop.urls")),
    path("", include("convenor.web.urls")),
]
