"""Comma-separated values: people and rooms, from whatever a spreadsheet or a personnel system exports."""
