"""A disk that is full soon."""

import signal
from contextlib import contextmanager

import pytest


@contextmanager
def limit_of_file_size(n_bytes):
    """Let the system refuse to make files larger, as it does on a full disk; skip the test where a system has no such limit."""
    resource = pytest.importorskip("resource", reason="Windows does not limit the size of files")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)
