"""The command plot."""

import io
import json
import re
import struct
import sys
from pathlib import Path

import numpy as np
import pytest

from glove_sklearn.plotting import write_word_map


@pytest.fixture(autouse=True)
def matplotlib():
    """matplotlib, without which there are no pictures."""
    return pytest.importorskip("matplotlib")


def size_of(path):
    """Width and height of a PNG, from its header."""
    return struct.unpack(">II", Path(path).read_bytes()[16:24])


def words_of(path):
    """The words of an SVG, which matplotlib writes as comments, and of an interactive map."""
    text = Path(path).read_text(encoding="utf-8")
    if path.endswith("html"):
        return json.loads(re.search(r'id="data">(.*?)</script>', text)[1])["words"]
    return [found.strip() for found in re.findall(r"<!-- (.*?) -->", text) if "principal component" not in found]


def test_words_and_groups(run, vectors):
    options = ["--words", "animals: cat, dog", "--words", "man"]
    assert run("plot", vectors, *options, "-o", "map.svg") == (0, "", "the picture is in map.svg\n")
    assert words_of("map.svg") == ["cat", "dog", "man", "animals"]
    before = Path("map.svg").read_bytes()
    for again in (options, ["--words", "animals:cat dog", "--words", "man"]):
        assert run("plot", vectors, *again, "-o", "map.svg")[0] == 0
        assert Path("map.svg").read_bytes() == before


def test_a_word_with_a_colon_is_no_group(run):
    Path("colons.txt").write_text("http://a.org 1 2\ncat 2 1\nnote: 3 1\nbig 1 1\n", encoding="utf-8")
    for words, drawn in [
        ("http://a.org cat", ["http://a.org", "cat"]),
        ("http://a.org,cat", ["http://a.org", "cat"]),
        ("big animals: cat big", ["cat", "big", "big animals"]),
        ("note: cat big", ["cat", "big", "note"]),
    ]:
        assert run("plot", "colons.txt", "--words", words, "-o", "map.svg")[0] == 0
        assert words_of("map.svg") == drawn


def test_analogies(run, vectors):
    assert run("plot", vectors, "--analogies", "cat:man dog:bird", "-o", "map.svg") == (
        0,
        "",
        "the picture is in map.svg\n",
    )
    assert words_of("map.svg") == ["cat", "man", "dog", "bird"]


def test_pictures_have_the_size_that_is_asked_for(run, vectors):
    assert run("plot", vectors, "--top", "5", "--size", "640x480", "--title", "five", "-o", "map.png") == (
        0,
        "",
        "the picture is in map.png\n",
    )
    assert size_of("map.png") == (640, 480)
    assert run("plot", vectors, "--layout", "tsne", "-o", "map.pdf") == (0, "", "the picture is in map.pdf\n")
    assert Path("map.pdf").read_bytes().startswith(b"%PDF")


@pytest.mark.filterwarnings("ignore:.*had no room for a label:UserWarning")
def test_a_picture_of_many_words_leaves_the_most_frequent_out(run):
    generator = np.random.default_rng(0)
    for n_words, first in ((199, 0), (200, 100)):
        lines = (f"w{row} {x:.3f} {y:.3f}\n" for row, (x, y) in enumerate(generator.normal(size=(n_words, 2))))
        Path("many.txt").write_text("".join(lines))
        assert run("plot", "many.txt", "--size", "3000x3000", "-o", "map.svg")[0] == 0
        assert set(words_of("map.svg")) <= {f"w{row}" for row in range(first, first + 100)}
        assert len(words_of("map.svg")) > 80


@pytest.mark.filterwarnings("always:.*had no room for a label:UserWarning")
def test_words_that_have_no_room_for_a_label_are_counted(run, vectors):
    status, _, errors = run("plot", vectors, "--size", "100x100", "-o", "map.png")
    assert status == 0
    assert re.fullmatch(
        r"glove-sklearn: warning: \d+ words? of 10 had no room for a label; draw fewer, .*\nthe picture is in map.png\n", errors
    )  # fmt: skip


@pytest.mark.filterwarnings("always:.*without a vector:UserWarning")
def test_words_from_a_file_or_standard_input(run, vectors, monkeypatch):
    Path("words.txt").write_text("cat\nwolf\n\n: people\nman\n", encoding="utf-8")
    status, _, errors = run("plot", vectors, "--words-from", "words.txt", "-o", "map.svg")
    assert status == 0
    assert (
        errors == "glove-sklearn: warning: 1 word of --words-from without a vector: wolf.\nthe picture is in map.svg\n"
    )
    assert words_of("map.svg") == ["cat", "man", "people"]
    stdin = io.TextIOWrapper(io.BytesIO(b"dog\ncat\n"), encoding="utf-8")
    monkeypatch.setattr(sys, "stdin", stdin)
    assert run("plot", vectors, "--words-from", "-", "-o", "map.svg")[0] == 0
    assert words_of("map.svg") == ["dog", "cat"]


def test_interactive_maps_are_those_of_python(run, vectors):
    assert run("plot", vectors, "--topn", "3", "--title", "All", "-o", "map.html") == (
        0,
        "",
        "placing the words by t-SNE; 5,000 take a minute or so\nthe map is in map.html\n",
    )
    write_word_map("same.html", vectors, n_neighbors=3, title="All")
    assert Path("map.html").read_bytes() == Path("same.html").read_bytes()
    assert run("plot", vectors, "--words", "cat dog man", "--layout", "pca", "-o", "map.html") == (
        0,
        "",
        "the map is in map.html\n",
    )
    assert words_of("map.html") == ["cat", "dog", "man"]


def test_neighbors(run, vectors):
    assert run("plot", vectors, "--neighbors", "cat", "-n", 3, "-o", "cat.svg") == (
        0,
        "",
        "the picture is in cat.svg\n",
    )
    _, output, _ = run("neighbors", vectors, "cat", "-n", 3)
    listed = [line.split()[1] for line in output.splitlines()[1:]]
    assert [word for word in words_of("cat.svg") if word in listed] == listed
    assert "nearest to cat" in words_of("cat.svg")


def test_neighbors_with_intervals(run, train):
    train("corpus.txt", "-o", "vectors.txt", "--save-uncertainty", "run.npz")
    options = ["--uncertainty", "run.npz", "--level", "0.5"]
    assert run("plot", "vectors.txt", "--neighbors", "cat", *options, "-o", "cat.svg") == (
        0,
        "",
        "the picture is in cat.svg\n",
    )
    assert "cosine, 50% intervals" in words_of("cat.svg")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["-o", "map.jpg"], r"--output must end in .png, .svg, .pdf for a picture, .* got .jpg"),
        (["-o", "map"], "got no extension"),
        (["--words", "cat wolf", "-o", "map.png"], r"vectors.txt: there is no vector for 'wolf'"),
        (["--neighbors", "Cat", "-o", "map.png"], r"no vector for 'Cat'; perhaps: cat"),
        (["--words", "cat dog", "--top", "5", "-o", "map.png"], "give either that, or the words to draw"),
        (["--analogies", "cat:dog", "-o", "map.html"], "--analogies is for pictures"),
        (["--neighbors", "cat", "-o", "map.html"], "--neighbors is for pictures"),
        (["--neighbors", "cat", "--words", "dog", "-o", "map.png"], "leave out the options of a map"),
        (["--uncertainty", "vectors.txt", "-o", "map.png"], "--uncertainty needs --neighbors"),
        (["--analogies", "cat dog", "-o", "map.png"], "joined by colons, such as man:woman, got 'cat'"),
        (["--size", "9", "-o", "map.png"], "such as 1000x800, got '9'"),
        (["--words", "cat", "-o", "map.png"], "at least 2 points, got 1"),
    ],
)
def test_mistakes_are_one_line_and_write_nothing(run, vectors, options, message):
    before = sorted(Path().iterdir())
    status, output, errors = run("plot", vectors, *options)
    assert (status, output) == (2, "")
    assert errors.count("\n") == 1
    assert re.search(message, errors)
    assert sorted(Path().iterdir()) == before


def test_none_of_the_words_of_a_file_has_a_vector(run, vectors):
    Path("words.txt").write_text("wolf\nbear\n", encoding="utf-8")
    status, _, errors = run("plot", vectors, "--words-from", "words.txt", "-o", "map.png")
    assert status == 2
    assert "none of 2 words has a vector" in errors


def test_without_matplotlib_an_error_says_how_to_install_it(run, vectors, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    status, _, errors = run("plot", vectors, "-o", "map.png")
    assert status == 2
    assert "pip install matplotlib" in errors
