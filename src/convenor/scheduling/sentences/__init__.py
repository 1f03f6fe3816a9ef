"""What the kernel answers as data, in words: translated where the reader's language is in force."""

from convenor.scheduling.sentences.found import found_as_json
from convenor.scheduling.sentences.reasons import Said, reasons_of
from convenor.scheduling.sentences.words import when

__all__ = ["Said", "found_as_json", "reasons_of", "when"]
