"""Finished answers, in memory and on disk."""
