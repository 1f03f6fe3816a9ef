"""Rows for tests: every factory makes something that the actions would have accepted."""
