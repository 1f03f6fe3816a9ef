"""The conflicts page: what is wrong, and the ways out."""
