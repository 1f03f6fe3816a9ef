"""The whole event as one file: read, checked, compared with the database, applied to it and written from it."""
