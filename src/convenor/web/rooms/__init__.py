"""Rooms: the finder, a room's page, its changes, its photo and closures."""
