"""What is private in matplotlib: each name in one module, with the versions it was seen in and its fallback."""
