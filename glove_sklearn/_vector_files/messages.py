"""How values from files appear in messages."""

from __future__ import annotations

from typing import Any


def shown(value: Any, length: int = 60) -> str:
    """Return the `repr` of a value, shortened to about `length` characters; bytes appear as text.

    Parameters
    ----------
    value : object
        A word, a line of a file as bytes, or anything else.
    length : int, default=60
    """
    if isinstance(value, bytes):
        value = value[: 4 * length].decode(errors="backslashreplace")
    if isinstance(value, str):
        return repr(value if len(value) <= length else value[: length - 3] + "...")
    text = repr(value)
    return text if len(text) <= length else f"{text[: length - 3]}..."
