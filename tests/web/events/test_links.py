"""Every page that a finding or a refusal may name is there."""

import pytest

from convenor.events.rules.findings import Ref
from convenor.events.rules.states import TABLE
from convenor.web.events.links import PAGES, href_of, preview_href


@pytest.mark.parametrize("kind", sorted(PAGES))
def test_it_leads_somewhere(kind: str) -> None:
    assert "/7/" in href_of(Ref(kind, 7))


def test_nothing_leads_nowhere() -> None:
    assert href_of(None) == href_of(Ref("unheard_of", 7)) == preview_href("unheard_of", 7) == ""


def test_whatever_the_table_of_states_names_has_a_page() -> None:
    for step in TABLE:
        assert all(condition.where in {*PAGES, ""} for condition in step.conditions)
        assert bool(step.preview) == bool(preview_href(step.preview, 7))
