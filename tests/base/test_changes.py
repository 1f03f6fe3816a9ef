"""One row changed, as every action does it."""

import pytest

from convenor.base.changes import save_row
from convenor.base.models import AuditEntry, User
from tests.base import cast


@pytest.mark.django_db
def test_two_changes_of_one_row_at_once_keep_both() -> None:
    alice, dora = cast.user("Alice"), cast.dora()
    one, other = User.objects.get(pk=alice.pk), User.objects.get(pk=alice.pk)
    assert save_row(actor=dora, action="user.changed", row=one, changes={"display_name": "Alicia"})
    assert save_row(actor=dora, action="user.changed", row=other, changes={"zone": "Europe/Lisbon"})
    alice.refresh_from_db()
    assert (alice.display_name, alice.zone) == ("Alicia", "Europe/Lisbon")
    assert [entry.after for entry in AuditEntry.objects.order_by("id")] == [
        {"display_name": "Alicia"},
        {"zone": "Europe/Lisbon"},
    ]
