"""Addresses that other programs read: calendar feeds."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
