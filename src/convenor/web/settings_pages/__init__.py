"""Settings: one's own account, and for those who look after it the company's places, people and records."""
