"""Reads: rows come only through a `…_for(actor, …)`."""
