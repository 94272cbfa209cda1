"""Places for connections or requests, of which each client may take a number."""

from collections import Counter


class Places:
    """Counts what each client has taken.

    Parameters
    ----------
    total : int
        Places in all.
    per_client : int
        Places for one client. A client without a name, "", is counted in the total alone.
    """

    def __init__(self, total: int, per_client: int) -> None:
        self._total = total
        self._per_client = per_client
        self._clients: Counter[str] = Counter()

    def enter(self, client: str) -> bool:
        """Take a place if there is one; return whether there was."""
        if self._clients.total() >= self._total or (client and self._clients[client] >= self._per_client):
            return False
        self._clients[client] += 1
        return True

    def leave(self, client: str) -> None:
        """Release a place."""
        self._clients[client] -= 1
        if not self._clients[client]:
            del self._clients[client]
