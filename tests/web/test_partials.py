"""The shared partials: what they render, with and without their optional context."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django import forms
from django.http import HttpRequest
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, override_settings

from convenor.web.templatetags.ui import duration, hue, initials


class MeetingForm(forms.Form):
    title = forms.CharField(help_text="Seen by all.", max_length=5)
    private = forms.BooleanField(required=False)
    kind = forms.ChoiceField(choices=[("one", "Once"), ("series", "Series")], widget=forms.RadioSelect)


def field(form: forms.Form, name: str) -> str:
    return render_to_string("ui/field.html", {"field": form[name]})


def test_a_field_ties_its_help_and_its_error_to_its_widget() -> None:
    form = MeetingForm({"title": "too long", "kind": "one"})
    html = field(form, "title")
    assert 'id="id_title_helptext"' in html
    assert 'id="id_title_error"' in html
    assert 'aria-describedby="id_title_helptext id_title_error"' in html
    assert 'aria-invalid="true"' in html


def test_a_field_escapes_what_somebody_typed() -> None:
    html = field(MeetingForm({"title": "<b>x"}), "title")
    assert "&lt;b&gt;x" in html
    assert "<b>x" not in html


def test_radio_buttons_are_a_group_with_a_legend() -> None:
    html = field(MeetingForm(), "kind")
    assert "<fieldset" in html
    assert "<legend>Kind" in html


def test_the_summary_names_each_wrong_field_once_and_is_silent_without() -> None:
    html = render_to_string("ui/form_errors.html", {"form": MeetingForm({"title": ""})})
    assert html.count("<p>") == 3
    assert 'href="#id_title"' in html
    assert (
        render_to_string("ui/form_errors.html", {"form": MeetingForm({"title": "ok", "kind": "one"})}).strip()
        == ""
    )


@pytest.mark.parametrize(
    ("context", "shown"),
    [
        (
            {"zone": "Europe/Lisbon", "format": "H:i"},
            '<time datetime="2026-11-23T09:30:00+00:00">09:30</time>',
        ),
        (
            {"zone": "Europe/Bucharest", "format": "H:i"},
            '<time datetime="2026-11-23T11:30:00+02:00">11:30</time>',
        ),
        (
            {"zone": "Europe/Bucharest", "format": "H:i", "show_zone": True},
            '<abbr title="Europe/Bucharest">EET</abbr>',
        ),
        ({"format": "j M"}, ">23 Nov</time>"),
    ],
)
def test_time_stands_in_its_zone(context: dict[str, Any], shown: str) -> None:
    value = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
    assert shown in render_to_string("ui/time.html", {"value": value, **context})


@pytest.mark.parametrize(("severity", "tone"), [(3, "danger"), (2, "warning"), (1, "info")])
def test_severity_has_a_tone_and_a_word(severity: int, tone: str) -> None:
    html = render_to_string("ui/severity.html", {"severity": severity, "label": "Word"})
    assert f"tone-{tone}" in html
    assert "Word" in html


def test_a_reason_is_a_sentence_or_an_object_with_one() -> None:
    html = render_to_string(
        "ui/reason_list.html", {"reasons": ["First.", {"sentence": "Second.", "tone": "danger"}]}
    )
    assert "First." in html
    assert '<li class="tone-danger">' in html
    assert "Second." in html


def test_a_diff_marks_what_went_and_what_came() -> None:
    html = render_to_string("ui/diff.html", {"rows": [{"label": "Room", "before": "Atlas", "after": ""}]})
    assert "<del>Atlas</del>" in html
    assert "<ins>" not in html


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Ștefan Țurcanu", "ȘȚ"),
        ("Atlas", "A"),
        ("ana-maria pop", "AP"),
        ("(guest) Bob", "B"),
        ("", "?"),
        ("😀", "?"),
    ],
)
def test_initials(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_a_hue_stays_the_same() -> None:
    assert hue("Ana Ionescu") == hue("Ana Ionescu")
    assert {hue(f"person {number}") for number in range(200)} == set(range(1, 9))


@pytest.mark.parametrize(
    ("length", "text"),
    [
        (90, "1 h 30 min"),
        (60, "1 h"),
        (15, "15 min"),
        (0, "0 min"),
        (timedelta(hours=26), "26 h"),
        (None, ""),
    ],
)
def test_duration(length: timedelta | int | None, text: str) -> None:
    assert duration(length) == text


@pytest.mark.parametrize(
    ("cookie", "theme"), [("dark", "dark"), ("light", "light"), ('"><script>', "auto"), (None, "auto")]
)
def test_the_server_renders_the_theme_of_the_cookie(cookie: str | None, theme: str) -> None:
    request = HttpRequest()
    if cookie:
        request.COOKIES["theme"] = cookie
    assert Template('{% include "ui/theme.html" %}').render(Context({"request": request})) == theme


def test_a_theme_is_kept_in_a_cookie_and_the_reader_goes_back(client: Client) -> None:
    response = client.post("/theme/", {"theme": "dark", "next": "/rooms/"})
    assert response.status_code == 302
    assert response["Location"] == "/rooms/"
    assert response.cookies["theme"].value == "dark"
    assert response.cookies["theme"]["samesite"] == "Lax"


@pytest.mark.parametrize(
    "address", ["https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)", ""]
)
def test_a_theme_never_sends_the_reader_elsewhere(client: Client, address: str) -> None:
    assert client.post("/theme/", {"theme": "light", "next": address})["Location"] == "/"


@pytest.mark.parametrize("theme", ["", "pink", "dark\x00"])
def test_an_unknown_theme_is_refused_with_a_sentence(client: Client, theme: str) -> None:
    response = client.post("/theme/", {"theme": theme})
    assert response.status_code == 400
    assert "auto, light and dark" in response.content.decode()
    assert "theme" not in response.cookies


@pytest.mark.parametrize("name", ["400", "403", "404", "405", "500", "403_csrf"])
def test_error_pages_render_without_any_context(name: str) -> None:
    with override_settings(
        STORAGES={"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
    ):
        html = render_to_string(f"{name}.html")
    assert "<h1>" in html
    assert 'data-theme="auto"' in html
