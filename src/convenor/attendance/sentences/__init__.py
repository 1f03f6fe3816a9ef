"""Facts about the roll put into sentences, in both languages."""
