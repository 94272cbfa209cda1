"""From a figure in its state to pixels, drawing again only what changed."""
