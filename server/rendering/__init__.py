"""From a request to bytes: admission, one render a key, worker processes."""
