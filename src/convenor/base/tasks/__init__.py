"""Work in the background: django-tasks' API on rows with a lease."""
