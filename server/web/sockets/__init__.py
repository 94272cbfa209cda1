"""Sockets and connections: what the server listens on, how many may be open, and what is done with what is no HTTP."""
