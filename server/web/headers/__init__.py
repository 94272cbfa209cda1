"""The headers by which clients and proxies say what they want, and by which the server says who may store it."""
