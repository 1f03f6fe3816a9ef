"""The screens of a meeting: making it with a time that fits beside it, reading it, changing it."""
