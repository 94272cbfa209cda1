"""Finished files: how they are shown, taken and written."""
