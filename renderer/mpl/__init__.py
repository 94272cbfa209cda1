"""What is private in matplotlib, in one place: probed, with the versions it was seen in."""
