"""The interactive map."""

import json
import shutil
import subprocess
from html.parser import HTMLParser

import numpy as np
import pytest

from glove_sklearn.evaluation.vectors import unit_vectors
from glove_sklearn.plotting import write_word_map

#: Words that would do harm if they were not escaped, and words of several scripts.
WORDS = [
    "</script><script>document.title='harm'</script>",
    "<!--",
    "<b>",
    '"',
    "\\",
    "&amp;",
    "été",
    "水",
    "שלום",
    "🦆",
    "a\nb",
]
VECTORS = np.random.RandomState(0).normal(size=(len(WORDS), 5)).astype(np.float32)
BROWSER = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)

#: What a reader does, in the page, which then writes what it shows into its title.
SESSION = """
<script>
window.onerror = (message) => { document.title = `error: ${message}`; };
requestAnimationFrame(() => {
  const key = (name) => canvas.dispatchEvent(new KeyboardEvent("keydown", { key: name, bubbles: true }));
  const shown = () => [document.querySelector("#word h2")?.textContent ?? "", ...[...document.querySelectorAll("#neighbors bdi")]
    .map((item) => item.textContent)];
  const said = {};
  resize();
  const box = canvas.getBoundingClientRect();
  const point = (type, word) => canvas.dispatchEvent(new PointerEvent(type, { pointerId: 1, pointerType: "mouse",
    clientX: box.x + screenX[word], clientY: box.y + screenY[word] }));
  point("pointermove", 2);
  said.hovered = shown();
  canvas.dispatchEvent(new PointerEvent("pointerleave"));
  said.left = shown();
  input.value = "水";
  input.dispatchEvent(new Event("input"));
  said.matches = [...matches.querySelectorAll("bdi")].map((item) => item.textContent);
  input.focus();
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  said.found = shown();
  key("0");
  key("+");
  said.zoom = Math.round(100 * view.scale / view.fit);
  canvas.dispatchEvent(new WheelEvent("wheel", { deltaY: -200, clientX: box.x + 9, clientY: box.y + 9 }));
  said.isZoomed = view.scale > 1.5 * view.fit;
  key("Escape");
  said.released = shown();
  draw();
  said.isDrawn = context.getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value > 0);
  said.scripts = document.scripts.length;
  document.title = JSON.stringify(said);
});
</script>
"""


#: What a user does with a large map: drag it, pinch it, search a word and point at it.
LARGE_SESSION = """
<script>
window.onerror = (message) => { document.title = `error: ${message}`; };
requestAnimationFrame(() => {
  canvas.setPointerCapture = () => {};  // of pointers that a browser has, and a script has not
  const said = {};
  resize();
  const box = canvas.getBoundingClientRect();
  const point = (type, id, x, y, pointerType = "mouse") => canvas.dispatchEvent(new PointerEvent(type, {
    pointerId: id, pointerType, clientX: box.x + x, clientY: box.y + y }));
  let before = { ...view };
  point("pointerdown", 1, 300, 300);
  point("pointermove", 1, 340, 280);
  point("pointerup", 1, 340, 280);
  said.dragged = [view.x - before.x, view.y - before.y];
  before = { ...view };
  point("pointerdown", 2, 200, 300, "touch");
  point("pointerdown", 3, 400, 300, "touch");
  point("pointermove", 3, 600, 300, "touch");
  point("pointerup", 2, 200, 300, "touch");
  point("pointerup", 3, 600, 300, "touch");
  said.pinched = Math.round(100 * view.scale / before.scale);
  input.value = "word4999";
  input.dispatchEvent(new Event("input"));
  input.focus();
  input.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", bubbles: true }));
  said.found = [...document.querySelectorAll("#neighbors bdi")].map((item) => item.textContent);
  const start = performance.now();
  draw();
  said.seconds = (performance.now() - start) / 1000;
  document.title = JSON.stringify(said);
});
</script>
"""


class Page(HTMLParser):
    """The elements of a page, and the text of some."""

    def __init__(self, text):
        super().__init__()
        self.elements, self.texts, self.addresses, self._open = [], {}, [], None
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.elements.append(tag)
        self._open = tag
        self.addresses += [value for name, value in attributes if name in ("src", "href", "action")]

    def handle_endtag(self, tag):
        self._open = None

    def handle_data(self, data):
        self.texts.setdefault(self._open, []).append(data)


@pytest.fixture
def written(tmp_path):
    """Write a map, and return the path, the page and its data."""

    def write(*arguments, **options):
        path = tmp_path / "map.html"
        write_word_map(path, *arguments, **options)
        page = Page(path.read_text(encoding="utf-8"))
        return path, page, json.loads(page.texts["script"][0])

    return write


def test_the_page_holds_the_words_their_places_and_their_neighbors(written, vectorizer):
    _, page, data = written(vectorizer, 60, n_neighbors=4, title="<Words & more>")
    words = list(vectorizer.vocabulary_)[:60]
    assert data["words"] == words
    assert page.texts["title"] == page.texts["h1"] == ["<Words & more>"]
    units = unit_vectors(np.array([vectorizer[word] for word in words]))
    cosines = units @ units.T
    np.fill_diagonal(cosines, -2)
    for row, (neighbors, values) in enumerate(zip(data["neighbors"], data["cosines"], strict=True)):
        assert neighbors == np.argsort(-cosines[row], kind="stable")[:4].tolist()
        np.testing.assert_allclose(values, 1000 * cosines[row, neighbors], atol=0.51)
    for axis, side in (("x", "width"), ("y", "height")):
        assert (min(data[axis]), max(data[axis])) == (0, data[side])
    assert max(data["width"], data["height"]) == 10_000
    assert "group" not in data


def test_coordinates_are_those_of_the_reducer(written):
    class FirstTwo:
        def fit_transform(self, X):
            return X[:, :2]

    _, _, data = written((WORDS, VECTORS), reducer=FirstTwo())
    assert data["layout"] == "FirstTwo"
    x, y = unit_vectors(VECTORS)[:, :2].T
    scale = 10_000 / max(np.ptp(x), np.ptp(y))
    np.testing.assert_allclose(data["x"], (x - x.min()) * scale, atol=1)
    np.testing.assert_allclose(data["y"], (y.max() - y) * scale, atol=1)


def test_no_word_becomes_markup_and_nothing_is_loaded(written):
    path, page, data = written((WORDS, VECTORS), title="</title><script>")
    assert data["words"] == WORDS
    assert page.elements.count("script") == 2
    assert page.addresses == []
    text = path.read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert "http://" not in text
    assert "https://" not in text


def test_groups(written):
    _, _, data = written((WORDS, VECTORS), {"one": WORDS[:2], 2: WORDS[2:5]})
    assert data["groups"] == ["one", "2"]
    assert data["group"] == [0, 0, 1, 1, 1]


def test_places_that_coincide_are_no_error(written):
    _, _, data = written((WORDS[:3], np.ones((3, 4))))
    assert data["x"] == data["y"] == [0, 0, 0]
    assert data["width"] == data["height"] == 1


def test_the_same_words_make_the_same_file(written, vectorizer):
    path, _, data = written(vectorizer, 50)
    assert data["layout"] == "t-SNE"
    first = path.read_bytes()
    assert written(vectorizer, 50)[0].read_bytes() == first
    assert written(vectorizer, 50, reducer="pca")[2]["layout"] == "A principal component analysis"


@pytest.mark.parametrize("n_words", [2, 3, 4, 10])
def test_few_words_make_a_map(written, n_words):
    assert len(written((WORDS, VECTORS), n_words)[2]["x"]) == n_words


def test_errors(tmp_path):
    with pytest.raises(ValueError, match="n_neighbors must be an integer of at least 1, got 0"):
        write_word_map(tmp_path / "map.html", (WORDS, VECTORS), n_neighbors=0)
    with pytest.raises(KeyError, match="no vector for 'x'"):
        write_word_map(tmp_path / "map.html", (WORDS, VECTORS), ["x", "été"])
    assert list(tmp_path.iterdir()) == []


def said_by(path, session, profile):
    """Open a map in the browser, with a script, and return what it says."""
    path.write_text(path.read_text(encoding="utf-8").replace("</body>", session + "</body>"), encoding="utf-8")
    options = ["--headless", "--no-sandbox", "--disable-gpu", "--virtual-time-budget=3000", "--window-size=900,600"]
    run = subprocess.run(
        [BROWSER, *options, f"--user-data-dir={profile}", "--dump-dom", path.as_uri()],
        capture_output=True, check=True, timeout=120,
    )  # fmt: skip
    return json.loads("".join(Page(run.stdout.decode("utf-8")).texts["title"]))


@pytest.mark.skipif(BROWSER is None, reason="there is no chromium")
def test_five_thousand_words_are_dragged_pinched_and_searched(written, tmp_path):
    words = [f"word{index}" for index in range(5000)]
    vectors = np.random.default_rng(0).normal(size=(5000, 20)).astype(np.float32)
    path, _, data = written((words, vectors), 5000, reducer="pca")
    said = said_by(path, LARGE_SESSION, tmp_path / "profile")
    assert said.pop("seconds") < 2
    assert said == {
        "dragged": [40, -20],
        "pinched": 200,
        "found": [words[other] for other in data["neighbors"][4999]],
    }


@pytest.mark.skipif(BROWSER is None, reason="there is no chromium")
def test_a_browser_shows_neighbors_finds_words_and_zooms(written, tmp_path):
    path, _, data = written((WORDS, VECTORS), n_neighbors=3)
    said = said_by(path, SESSION, tmp_path / "profile")
    nearest = {word: [WORDS[other] for other in data["neighbors"][WORDS.index(word)]] for word in ("<b>", "水")}
    assert said == {
        "hovered": ["<b>", *nearest["<b>"]],
        "left": [""],
        "matches": ["水"],
        "found": ["水", *nearest["水"]],
        "zoom": 130,
        "isZoomed": True,
        "released": [""],
        "isDrawn": True,
        "scripts": 3,
    }
