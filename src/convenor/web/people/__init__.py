"""People: the directory, a person's page, their changes, leave, hours and leaving."""
