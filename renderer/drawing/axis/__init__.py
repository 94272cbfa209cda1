"""Axes that come out equal: replayed by value, their ticks updated once, copied or left out."""
