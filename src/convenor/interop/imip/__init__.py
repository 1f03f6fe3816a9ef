"""iMIP (RFC 6047): calendars that talk by mail. What is said is decided in `itip`; here it becomes mails, and mails are read."""
