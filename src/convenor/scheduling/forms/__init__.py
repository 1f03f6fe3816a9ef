"""Forms of the schedule: what they clean are drafts, changes and requests."""
