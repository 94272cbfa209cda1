"""What is private in animations, their windows, and the settings under which their functions run."""
