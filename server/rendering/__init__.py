"""From a request to bytes: admission, one render for each key, worker processes."""
