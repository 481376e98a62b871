"""Other processes of this machine."""

from __future__ import annotations

import os
import sys

from glove_sklearn._system import windows


def process_exists(pid: int) -> bool:
    """Whether a process of this number runs; True if the system does not tell."""
    if sys.platform == "win32":  # os.kill would end the process, or interrupt it
        return windows.process_exists(pid)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except (OSError, OverflowError):
        pass
    return True
