"""Warnings that point at the line of the user's code, and not into the package."""

from __future__ import annotations

import os
import sys
import warnings
from pathlib import Path

import sklearn

#: scikit-learn is between the user and `fit`: its decorators are, and so may be a Pipeline.
_SKIPPED = tuple(str(folder) + os.sep for folder in (Path(__file__).parents[1], Path(sklearn.__file__).parent))


def warn_caller(message: str, category: type[Warning] = UserWarning) -> None:
    """Warn about what the code that called the package passed to it.

    Parameters
    ----------
    message : str
    category : type of warning, default=UserWarning
    """
    if sys.version_info >= (3, 12):
        warnings.warn(message, category, skip_file_prefixes=_SKIPPED)
        return
    level, frame = 2, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_SKIPPED):
        level, frame = level + 1, frame.f_back
    warnings.warn(message, category, stacklevel=level)
