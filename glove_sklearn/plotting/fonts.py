"""Fonts that have the letters of words; this module imports matplotlib, and displays import it when they draw."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from functools import cache

from matplotlib import rcParams
from matplotlib.font_manager import FontProperties, findSystemFonts, fontManager, get_font
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
    found = _letters_of_families(missing)
    if missing - set().union(*found.values()) and _add_new_fonts():
        found = _letters_of_families(missing)
    while found and (best := max(found, key=lambda name: len(found[name]))) and found[best]:
        families.append(best)
        missing = missing - found[best]
        found = {name: letters & missing for name, letters in found.items()}
    return families


def _letters_of_families(wanted: set[int]) -> dict[str, set[int]]:
    """Return which of some code points each family of fonts has that matplotlib knows."""
    # matplotlib's font of last resort has a box for every letter.
    installed = {
        entry.name: entry.fname
        for entry in fontManager.ttflist
        if entry.style == "normal" and entry.weight in (400, "normal") and not entry.name.startswith("Last Resort")
    }
    return {name: wanted & _letters(path) for name, path in sorted(installed.items())}


@cache
def _add_new_fonts() -> bool:
    """Tell matplotlib of fonts that were installed since it made its list, and return whether there are any.

    It keeps the list in a file, and does not look again.
    """
    known = {entry.fname for entry in fontManager.ttflist}
    new = [path for path in findSystemFonts() if path not in known]
    n_known = len(fontManager.ttflist)
    for path in new:
        # matplotlib cannot read every font, such as those that consist of pictures.
        with suppress(OSError, RuntimeError, ValueError):
            fontManager.addfont(path)
    return len(fontManager.ttflist) > n_known


@cache
def _letters(path: str) -> frozenset[int]:
    """Return the code points of a font; none if it cannot be opened."""
    try:
        return frozenset(get_font(path).get_charmap())
    except (OSError, RuntimeError):
        return frozenset()
