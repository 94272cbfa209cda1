"""Changes to figures: what updates do, and what they had better not do."""
