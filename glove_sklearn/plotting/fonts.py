"""Fonts that have the letters of words; this module imports matplotlib, and displays import it when they draw."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from matplotlib import rcParams
from matplotlib.font_manager import FontProperties, fontManager, get_font
from matplotlib.font_manager import findfont as find_font


def families_for(texts: Iterable[str]) -> list[str]:
    """Return families of fonts that together have the letters of texts, as far as such fonts are installed.

    The configured families come first; matplotlib takes a letter from the first family that has it. Its own font has no Chinese,
    Japanese or Korean, for instance.

    Parameters
    ----------
    texts : iterable of str

    Returns
    -------
    families : list of str
    """
    families = list(rcParams["font.family"])
    configured = find_font(FontProperties(family=families))
    missing = {ord(letter) for text in texts for letter in text if not letter.isspace()} - _letters(configured)
    if not missing:
        return families
    # matplotlib's font of last resort has a box for every letter.
    installed = {
        entry.name: entry.fname
        for entry in fontManager.ttflist
        if entry.style == "normal" and entry.weight in (400, "normal") and not entry.name.startswith("Last Resort")
    }
    found = {name: missing & _letters(path) for name, path in sorted(installed.items())}
    while found and (best := max(found, key=lambda name: len(found[name]))) and found[best]:
        families.append(best)
        missing = missing - found[best]
        found = {name: letters & missing for name, letters in found.items()}
    return families


@cache
def _letters(path: str) -> frozenset[int]:
    """Return the code points of a font; none if it cannot be opened."""
    try:
        return frozenset(get_font(path).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()
