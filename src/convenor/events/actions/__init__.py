"""One verb function per use case, one transaction each."""
