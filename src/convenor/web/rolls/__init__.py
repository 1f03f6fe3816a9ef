"""The roll's screens: rolls, seats, registrations as those see them who run the event."""
