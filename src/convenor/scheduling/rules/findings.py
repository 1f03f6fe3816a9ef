"""What a check found: sentences by field, apart those that refuse and those that only tell."""

from __future__ import annotations

from collections import defaultdict

from django.core.exceptions import ValidationError

from convenor.scheduling.drafts import Notice


class Findings:
    """Collects the findings of several checks, so that a form shows all of them at once."""

    def __init__(self) -> None:
        self.refused: dict[str, list[ValidationError]] = defaultdict(list)
        self.notices: list[Notice] = []

    def refuse(self, field: str, code: str, sentence: str) -> None:
        self.refused[field].append(ValidationError(sentence, code=code))

    def tell(self, field: str, code: str, sentence: str) -> None:
        self.notices.append(Notice(code, sentence, field))

    def raise_refused(self) -> None:
        """Raise ValidationError with every refusal at its field; nothing if there is none."""
        if self.refused:
            raise ValidationError(dict(self.refused))
