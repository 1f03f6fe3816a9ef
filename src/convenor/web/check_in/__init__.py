"""The door of an event: its page on a phone, what devices send and fetch, and the evacuation roll."""
