"""The catalogue takes over what fits, and asks for the rest."""

from babel.messages.catalog import Catalog

from scripts.check_translations import strings
from scripts.update_translations import as_json, found_in, is_empty, merge, said


def catalog() -> Catalog:
    found = Catalog(locale="ro")
    found.add("Rooms")
    found.add("May", context="month")
    found.add(("%(n)s room", "%(n)s rooms"))
    return found


def written(found: Catalog) -> list[tuple[str, ...]]:
    return [strings(message) for message in found if message.id]


def test_what_is_missing_is_printed_so_that_it_can_be_merged() -> None:
    missing = [as_json(message) for message in catalog() if is_empty(message)]
    assert missing == ["Rooms", "month|May", ["%(n)s room", "%(n)s rooms"]]


def test_translations_are_taken_and_replaced() -> None:
    found = catalog()
    plural = ["%(n)s sală", "%(n)s săli", "%(n)s de săli"]
    assert merge(found, {"Rooms": "Camere", "month|May": "mai", "%(n)s room": plural, "Gone": "Dus"}) == 3
    assert merge(found, {"Rooms": "Săli", "month|May": "mai"}) == 1
    assert written(found) == [("Săli",), ("mai",), tuple(plural)]
    assert not any(is_empty(message) for message in found)


def test_a_translation_of_another_shape_is_not_taken() -> None:
    found = catalog()
    assert (
        merge(found, {"May": "mai", "Rooms": ["a", "b", "c"], "%(n)s room": ["%(n)s sală", "%(n)s săli"]})
        == 0
    )
    assert all(is_empty(message) for message in found if message.id)


def test_templates_and_modules_are_read() -> None:
    assert found_in('  {% translate "Rooms" %} {% translate "May" context "month" %}', template=True) == [
        ("Rooms", None),
        ("May", "month"),
    ]
    assert found_in('_("Rooms"); ngettext("%(n)s room", "%(n)s rooms", n)', template=False) == [
        ("Rooms", None),
        (("%(n)s room", "%(n)s rooms"), None),
    ]


def test_the_package_says_something_in_both() -> None:
    package = said()
    assert package.get("Schedule") is not None
    assert package.get("The end must be after the start.") is not None
