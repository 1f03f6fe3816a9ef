"""The roll: seats, registration, check-in."""
