"""What Agg was told, and how it is told again: texts, display lists, masks of clip paths."""
