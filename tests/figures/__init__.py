"""One zoo of figures, for the tests and for the benchmarks."""
