"""PostgreSQL, asked whether it is still there only when there is a reason to."""

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A kept connection is checked before each request without a round trip.

    Between two queries the server says nothing. When it restarts or ends the connection it says
    so, or hangs up: the socket can be read. Only then, or after an error, is it asked.
    """

    def is_usable(self) -> bool:
        if self.connection is not None and not self.errors_occurred and self._is_silent():
            return True
        return bool(super().is_usable())

    def _is_silent(self) -> bool:
        if self.connection.closed:
            return False
        heard = select.poll()
        heard.register(self.connection.fileno(), select.POLLIN | select.POLLERR | select.POLLHUP)
        return not heard.poll(0)
