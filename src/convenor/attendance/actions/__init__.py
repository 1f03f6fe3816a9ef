"""What changes the roll: one verb function per use case, one transaction each."""
