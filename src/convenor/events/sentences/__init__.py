"""What events say: facts and reasons in words of the reader's language."""
