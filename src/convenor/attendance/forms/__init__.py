"""Clean values for the actions."""
