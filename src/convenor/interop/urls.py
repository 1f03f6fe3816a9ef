"""Addresses that other programs read: calendar feeds and public programmes."""

from django.urls import path

from convenor.interop import feeds, programmes

urlpatterns = [
    path("feeds/<str:token>.ics", feeds.feed, name="feed"),
    path("p/<str:token>.ics", programmes.programme, name="public_programme.ics"),
    path("p/<str:token>/<slug:key>.ics", programmes.function, name="public_function.ics"),
]
