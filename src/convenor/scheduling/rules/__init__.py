"""What may be asked of the schedule: pure decisions, the same for form, API and import."""
