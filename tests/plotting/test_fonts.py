"""Fonts that have the letters of words."""

import pytest

from glove_sklearn.plotting import NeighborsDisplay, WordMapDisplay

#: Letters that the font of matplotlib lacks.
WORDS = ["水", "火"]


def families_for(texts):
    from glove_sklearn.plotting.fonts import families_for

    return families_for(texts)


def test_letters_of_the_usual_font_need_no_other():
    from matplotlib import rcParams

    assert families_for(["water", "été", "вода"]) == list(rcParams["font.family"])


def test_fonts_that_matplotlib_does_not_know_yet_are_found(monkeypatch):
    from matplotlib.font_manager import fontManager

    from glove_sklearn.plotting import fonts

    wanted = families_for(WORDS)
    if len(wanted) == 1:
        pytest.skip("no installed font has these letters")
    monkeypatch.setattr(
        fontManager, "ttflist", [entry for entry in fontManager.ttflist if entry.name not in wanted[1:]]
    )
    fonts._add_new_fonts.cache_clear()
    assert families_for(WORDS)[1:]


def test_other_letters_are_those_of_an_installed_font():
    from matplotlib.font_manager import FontProperties, findfont, get_font

    families = families_for([*WORDS, "\U0010fffd"])  # the last is in no font, or does not matter
    if len(families) == 1:
        pytest.skip("no installed font has these letters")
    letters = set().union(*(get_font(findfont(FontProperties(family=[name]))).get_charmap() for name in families[1:]))
    assert {ord(word) for word in WORDS} <= letters
    vectors = WORDS, [[1.0, 0.0], [0.0, 1.0]]
    for display in (WordMapDisplay.from_vectors(vectors), NeighborsDisplay.from_vectors(vectors, "水")):
        labels = display.ax_.get_yticklabels() if isinstance(display, NeighborsDisplay) else display.labels_
        assert labels[0].get_fontfamily() == families_for([label.get_text() for label in labels])
