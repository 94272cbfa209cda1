"""What can be animated, and how each kind is stepped from frame to frame."""
