"""What holds of all rolls at any time, by the plainest counting there is."""

from __future__ import annotations

from convenor.attendance.enums import TAKING, SeatState
from convenor.attendance.models import Allotment, FieldOption, Pick, Roll, Seat


def check_rolls() -> None:
    """The database's counts are true, nothing is oversold, and every roll is held to what it must be."""
    for roll in Roll.objects.all():
        open_seats = Seat.objects.filter(roll=roll, allotment=None, state__in=TAKING).count()
        blocks = list(Allotment.objects.filter(roll=roll))
        assert roll.taken == open_seats
        assert roll.allotted == sum(block.size for block in blocks)
        if roll.capacity is None:
            assert roll.limit is None
        else:
            assert roll.limit == max(roll.capacity, roll.taken + roll.allotted)
    for block in Allotment.objects.all():
        assert block.taken == Seat.objects.filter(allotment=block, state__in=TAKING).count()
        assert block.taken <= block.size
        assert block.released_at is None or block.size == block.taken
    for option in FieldOption.objects.all():
        assert option.taken == Pick.objects.filter(option=option, counts=True).count()
        assert option.limit is None or option.taken <= option.limit
    for seat in Seat.objects.all():
        assert (seat.state == SeatState.OFFERED) == (seat.offer_expires_at is not None)
