"""HTTP: requests, answers, pages."""
