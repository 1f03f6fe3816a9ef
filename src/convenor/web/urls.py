"""Every screen's address, in one place."""

from django.urls import path

from convenor.web import health, theme

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("theme/", theme.set_theme, name="set_theme"),
]
