"""Side by side with saving through a temporary file: ``python -m benchmarks``."""
