"""Addresses that other programs read: calendar feeds."""

from django.urls import path

from convenor.interop import feeds

urlpatterns = [
    path("feeds/<str:token>.ics", feeds.feed, name="feed"),
]
