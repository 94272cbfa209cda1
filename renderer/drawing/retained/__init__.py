"""Artists whose last drawing is used again."""
