"""Numbers of things in messages."""

from __future__ import annotations


def number_of(n: int, noun: str, plural: str | None = None) -> str:
    """Return a number and what it counts, such as "1 word" or "2 words"; `plural` is by default the noun with an "s"."""
    return f"{n} {noun if n == 1 else plural or noun + 's'}"
