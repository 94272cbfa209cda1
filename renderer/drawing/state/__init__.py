"""What the objects of a figure are made of, and whether that has changed."""
