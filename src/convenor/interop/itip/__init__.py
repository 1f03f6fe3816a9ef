"""iTIP (RFC 5546): what is said between calendars. `outgoing` decides what somebody's calendar must be told."""
