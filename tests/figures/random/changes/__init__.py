"""Changes to figures: those of usual updates, and some that go behind matplotlib's back."""
