"""iCalendar (RFC 5545) in plain data: `read.read_calendar`, `write.write_calendar`, `expand.expand_events`.

The text's way in: `lines` (3.1, content lines) -> `components` (3.4, BEGIN and END) -> `zones` (3.6.5) -> `event` (3.6.1) and `freebusy`
(3.6.4) -> `recurrence_set` (masters with their overrides). Real calendars break most rules of the RFC somewhere, so each step works on
one component at a time, mends what has one sensible reading and reports it, and refuses the rest with its line number.
"""
