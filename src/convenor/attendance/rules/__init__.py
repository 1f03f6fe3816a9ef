"""Pure decisions about seats."""
