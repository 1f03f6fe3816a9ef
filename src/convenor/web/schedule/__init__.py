"""The schedule: calendar, timelines by room and by person, drag to move."""
