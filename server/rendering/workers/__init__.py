"""Worker processes: how they start, get orders, and end with all that they have started."""
