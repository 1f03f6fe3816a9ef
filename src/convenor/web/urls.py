"""Every screen's address, in one place."""

from django.urls import path

from convenor.web import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
]
