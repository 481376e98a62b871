"""The demonstration, the first thing that a newcomer runs."""

import re
import runpy
from pathlib import Path

import pytest

DEMO = Path(__file__).resolve().parents[2] / "examples" / "demo.py"


def test_demo_shows_losses_that_fall_neighbours_and_agreement_with_readers(monkeypatch, capsys):
    if not DEMO.exists():
        pytest.skip("the examples are not next to the tests")
    corpora = pytest.importorskip("gensim.corpora")

    class Excerpt:
        """A few words of Wikipedia, which takes seconds to parse: those that the news does not have."""

        def __init__(self, *_, **__):
            pass

        def get_texts(self):
            return [["the", "species", "of", "a", "genus"], ["the", "music", "of", "the", "songs"]] * 5

    monkeypatch.setattr(corpora, "WikiCorpus", Excerpt)
    runpy.run_path(str(DEMO), run_name="__main__")
    shown = capsys.readouterr().out
    losses = [float(loss) for loss in re.findall(r"^ +\d+  ([\d.]+) #+$", shown, flags=re.MULTILINE)]
    assert len(losses) >= 2
    assert losses == sorted(losses, reverse=True)
    (neighbours,) = re.findall(r"^ +afghanistan: (.*)$", shown, flags=re.MULTILINE)
    assert "taliban" in neighbours.split(", ")
    correlation = re.search(r"^ +(\S+)  for these vectors, with 100 columns,$", shown, flags=re.MULTILINE)
    assert float(correlation[1]) > 0.4
    assert max(map(len, shown.splitlines())) <= 100
