"""Whether an address is free to listen on."""

import errno
import socket

from shebaoka.office.configuration import ConfigurationError


class PortBusy(ConfigurationError):  # noqa: N818 - it says what is the matter
    """Somebody listens there already."""


def claim(host: str, port: int) -> None:
    """Raises PortBusy when another program listens at ``host`` and ``port``, ConfigurationError when this one
    may not. The web server itself would share the port with another of its kind."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
            listener.listen(1)
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise PortBusy(
                    f"port {port} of {host} is in use, perhaps by an office that runs already: stop that"
                    " program, or choose another port with --port"
                ) from None
            if error.errno == errno.EACCES:
                raise ConfigurationError(
                    f"port {port} of {host} needs root: choose one above 1023 with --port"
                ) from None
            raise ConfigurationError(f"{host} cannot be listened on: {error.strerror}") from None


def free_port(host: str, first: int, tries: int = 20) -> int:
    """The first free port from ``first`` on. Raises PortBusy when there is none among ``tries``."""
    for port in range(first, first + tries - 1):
        try:
            claim(host, port)
        except PortBusy:
            continue
        return port
    claim(host, first + tries - 1)
    return first + tries - 1
