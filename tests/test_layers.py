"""Rows point down the same layers as imports; a foreign key given as text hides from the import graph."""

from collections.abc import Iterator

from django.apps import apps
from django.db import models

# Upper layers first; a row may refer to its own layer and to those below.
LAYERS = ["demo", "web", "interop", "attendance", "events", "scheduling", "people", "venues", "base"]


def targets(model: type[models.Model]) -> Iterator[tuple[str, type[models.Model]]]:
    """Each relation that the model itself declares, and the model at its other end."""
    for field in model._meta.get_fields():
        other = field.related_model
        if not field.auto_created and isinstance(other, type) and issubclass(other, models.Model):
            yield f"{model._meta.label}.{field.name}", other


def test_every_relation_points_down() -> None:
    ours = {config.label for config in apps.get_app_configs() if config.name.startswith("convenor.")}
    assert ours <= set(LAYERS)
    upward = [
        place
        for model in apps.get_models(include_auto_created=True)
        for place, other in targets(model)
        if {model._meta.app_label, other._meta.app_label} <= ours
        and LAYERS.index(other._meta.app_label) < LAYERS.index(model._meta.app_label)
    ]
    assert upward == []
