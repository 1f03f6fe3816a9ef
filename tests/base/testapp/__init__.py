"""A small app that the foundation's tests stand on."""
