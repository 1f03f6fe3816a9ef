"""What is read of the roll, always for an actor."""
