"""What is private in artists: axes and what they are made of, legends, and single ones."""
