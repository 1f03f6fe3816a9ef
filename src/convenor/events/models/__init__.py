"""Events' rows. Thin: columns, constraints, facts about one row."""

from convenor.events.models.certificate import Certificate, SignOff
from convenor.events.models.document import Document, DocumentVersion
from convenor.events.models.event import Contact, Event, Party
from convenor.events.models.event_class import ClassVersion, EventClass
from convenor.events.models.function import Cue, Function, Speaker
from convenor.events.models.readiness import ReadinessPoint, Waiver
from convenor.events.models.sheet import Sheet, SheetReceipt
from convenor.events.models.task import ChecklistItem, Task, TaskComment, TaskDependency
from convenor.events.models.view import SavedView

__all__ = [
    "Certificate",
    "ChecklistItem",
    "ClassVersion",
    "Contact",
    "Cue",
    "Document",
    "DocumentVersion",
    "Event",
    "EventClass",
    "Function",
    "Party",
    "ReadinessPoint",
    "SavedView",
    "Sheet",
    "SheetReceipt",
    "SignOff",
    "Speaker",
    "Task",
    "TaskComment",
    "TaskDependency",
    "Waiver",
]
