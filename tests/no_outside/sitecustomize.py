"""Loaded by every Python process under test: refuses and writes down each attempt to leave this machine."""

import ipaddress
import os
import socket

_connect, _look_up = socket.socket.connect, socket.getaddrinfo
_LOCAL = {"localhost", "", None, socket.gethostname()}


def _is_local(host):
    if host in _LOCAL or isinstance(host, bytes):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback or ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return False


def _refuse(host):
    with open(os.environ["COCKPIT_TEST_ATTEMPTS"], "a") as opened:  # noqa: PTH123 -- loaded before everything
        opened.write(f"{os.getpid()} {host}\n")
    raise OSError(f"outside host {host}")


def connect(self, address):
    if self.family in (socket.AF_INET, socket.AF_INET6) and not _is_local(address[0]):
        _refuse(address[0])
    return _connect(self, address)


def look_up(host, *rest, **more):
    if not _is_local(host):
        _refuse(host)
    return _look_up(host, *rest, **more)


socket.socket.connect, socket.getaddrinfo = connect, look_up
