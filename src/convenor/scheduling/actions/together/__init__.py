"""Many meetings at once, as an event moves, is postponed, resumed or cancelled: in one transaction, all or none,
in a number of statements that doesn't grow with them.
"""

from convenor.scheduling.actions.together.calling_off import cancel_together, suspend_together
from convenor.scheduling.actions.together.moving import Move, move_together
from convenor.scheduling.actions.together.opening import Done
from convenor.scheduling.actions.together.reviving import Revival, revive_together

__all__ = [
    "Done",
    "Move",
    "Revival",
    "cancel_together",
    "move_together",
    "revive_together",
    "suspend_together",
]
