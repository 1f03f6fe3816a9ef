"""Forms of events: what they clean are the drafts that the actions take."""
