"""The animations, their typed parameters, and how these are read."""
