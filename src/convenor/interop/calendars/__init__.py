"""Calendars in and out: importing meetings, subscribing to somebody's own calendar, exporting, feeds."""
