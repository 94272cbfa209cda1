"""HTML: a page of its own that plays an animation."""
