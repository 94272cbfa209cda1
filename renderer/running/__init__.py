"""What a render may use, and what it says meanwhile."""
