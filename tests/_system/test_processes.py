import os
import subprocess
import sys

import pytest

from glove_sklearn._system.processes import process_exists


def test_a_process_exists_until_it_ends():
    process = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    assert process_exists(process.pid)
    assert process_exists(os.getpid())
    process.communicate(b"\n")
    assert not process_exists(process.pid)


@pytest.mark.posix
def test_a_process_of_somebody_else_exists(monkeypatch):
    def forbidden(pid, signal):
        raise PermissionError

    monkeypatch.setattr(os, "kill", forbidden)
    assert process_exists(1)
