"""Screens of events: list, board, the dossier's tabs, classes, papers."""
