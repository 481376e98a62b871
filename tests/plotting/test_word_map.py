"""Maps of words."""

import re

import numpy as np
import pytest
from sklearn.decomposition import PCA

from glove_sklearn.evaluation.vectors import unit_vectors
from glove_sklearn.formats import read_vectors, save_vectors
from glove_sklearn.plotting import WordMapDisplay
from tests.plotting.test_label_placement import n_overlaps

GRID = ["a", "b", "c", "d"], np.array([[0.0, 0, 1], [2, 0, 1], [0, 1, 1], [2, 1, 1]])


def shown(display):
    """The rectangles of the labels that are drawn, in pixels."""
    from matplotlib.text import Text

    renderer = display.figure_.canvas.get_renderer()
    texts = [text for text in display.labels_ if text.get_visible()]
    return np.array([Text.get_window_extent(text, renderer).extents for text in texts])


@pytest.mark.parametrize(("width", "height"), [(640, 480), (1000, 800)])
@pytest.mark.parametrize("n_words", [40, 150])
def test_labels_do_not_cover_each_other_and_stay_inside(pyplot, vectorizer, width, height, n_words):
    _, ax = pyplot.subplots(figsize=(width / 100, height / 100), dpi=100, layout="constrained")
    display = WordMapDisplay.from_estimator(vectorizer, n_words, ax=ax)
    ax.set_title("a title changes the layout")
    display.figure_.canvas.draw()
    boxes = shown(display)
    assert len(boxes) > 0.5 * n_words
    assert n_overlaps(boxes) == 0
    frame = ax.bbox.extents
    assert (boxes[:, :2] >= frame[:2]).all()
    assert (boxes[:, 2:] <= frame[2:]).all()


def test_zooming_in_makes_room_for_labels(vectorizer):
    display = WordMapDisplay.from_estimator(vectorizer, 300)
    display.figure_.canvas.draw()
    is_shown = [text.get_visible() for text in display.labels_]
    assert not all(is_shown)
    hidden = is_shown.index(False)
    x, y = display.coordinates[hidden]
    display.ax_.set(xlim=(x - 0.02, x + 0.02), ylim=(y - 0.02, y + 0.02))
    display.figure_.canvas.draw()
    assert display.labels_[hidden].get_visible()
    assert n_overlaps(shown(display)) == 0


@pytest.mark.parametrize("dpi", [50, 200])
@pytest.mark.parametrize("suffix", ["png", "svg", "pdf"])
def test_maps_can_be_saved_at_any_resolution(vectorizer, tmp_path, suffix, dpi):
    display = WordMapDisplay.from_estimator(vectorizer, 30)
    display.figure_.savefig(tmp_path / f"map.{suffix}", dpi=dpi)
    assert (tmp_path / f"map.{suffix}").stat().st_size > 1000


def test_coordinates_are_principal_components_of_unit_vectors(vectorizer):
    words = list(vectorizer.vocabulary_)[5:25]
    display = WordMapDisplay.from_estimator(vectorizer, words)
    expected = PCA(2, svd_solver="full").fit_transform(unit_vectors(np.array([vectorizer[word] for word in words])))
    np.testing.assert_allclose(display.coordinates, expected, atol=1e-12)
    assert display.words == words
    assert re.fullmatch(r"first principal component \(\d+% of the variance\)", display.ax_.get_xlabel())
    assert [text.get_text() for text in display.labels_] == words
    np.testing.assert_array_equal(display.points_[0].get_offsets(), display.coordinates)


def test_all_sources_of_vectors_give_the_same_map(vectorizer, tmp_path):
    words = list(vectorizer.vocabulary_)[:12]
    path = tmp_path / "vectors.txt"
    save_vectors(path, vectorizer)
    read = read_vectors(path)
    sources = [path, str(path), vectorizer, (read.terms, read.vectors), read]
    maps = [WordMapDisplay.from_vectors(source, words).coordinates for source in sources]
    for coordinates in maps[1:]:
        np.testing.assert_allclose(coordinates, maps[0], atol=1e-6)


def test_a_reducer_decides_on_the_coordinates():
    class FirstTwo:
        def fit_transform(self, X):
            return X[:, :2]

    display = WordMapDisplay.from_vectors(GRID, reducer=FirstTwo())
    np.testing.assert_allclose(display.coordinates, unit_vectors(GRID[1])[:, :2])
    assert display.ax_.get_xlabel() == ""


def test_arrows_lead_from_each_word_of_an_analogy_to_the_next():
    display = WordMapDisplay.from_vectors(GRID, analogies=[("a", "b", "d"), ("c", "d")])
    assert display.words == ["a", "b", "d", "c"]
    ends = [[display.words[i] for i in steps] for steps in ([0, 1], [1, 2], [3, 2])]
    assert ends == [["a", "b"], ["b", "d"], ["c", "d"]]
    point = dict(zip(display.words, display.coordinates, strict=True))
    for arrow, (first, last) in zip(display.arrows_, ends, strict=True):
        np.testing.assert_allclose(arrow._posA_posB, [point[first], point[last]])


def test_groups_have_a_colour_and_a_name_each():
    display = WordMapDisplay.from_vectors(GRID, {"one": ["a", "d"], "_two$": ["b"]}, analogies=[("a", "c")])
    assert display.words == ["a", "d", "b", "c"]
    assert display.groups == ["one", "one", "_two$", None]
    assert [len(points.get_offsets()) for points in display.points_] == [1, 2, 1]
    assert len({tuple(points.get_facecolor()[0]) for points in display.points_}) == 3
    assert [text.get_text() for text in display.ax_.get_legend().get_texts()] == ["one", " _two$"]
    same = WordMapDisplay.from_vectors(GRID, ["a", "d", "b", "c"], groups=["one", "one", "_two$", None])
    assert same.groups == display.groups
    assert WordMapDisplay.from_vectors(GRID, groups=range(4)).groups == [0, 1, 2, 3]


def test_words_that_look_like_formulas_are_drawn_as_they_are(tmp_path):
    words = ["$x^2$", "$\\frac", "_", "été", "水", "<b>"]
    display = WordMapDisplay.from_vectors((words, np.random.RandomState(0).normal(size=(6, 3))))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)  # fonts may lack a letter
        display.figure_.savefig(tmp_path / "map.svg")
    assert [text.get_text() for text in display.labels_] == words


def test_styles_are_passed_on():
    display = WordMapDisplay.from_vectors(
        GRID, analogies=[("a", "b")], c="red", s=9, text_kwargs={"size": 20}, arrow_kwargs={"lw": 3}
    )
    assert display.points_[0].get_facecolor()[0].tolist() == [1, 0, 0, 1]
    assert display.labels_[0].get_fontsize() == 20
    assert display.arrows_[0].get_linewidth() == 3
    again = display.plot(labels=False)
    assert again is display
    assert again.labels_ == []


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"words": ["a", "x"]}, KeyError, "there is no vector for 'x'"),
        ({"words": ["A", "b"]}, KeyError, "'A'; perhaps: a"),
        ({"words": "ab"}, TypeError, "words must be a sequence of str"),
        ({"words": [b"a", "b"]}, TypeError, "words must be str, got b'a'"),
        ({"words": 0}, ValueError, "a number of at least 1, got 0"),
        ({"words": ["a"]}, ValueError, "at least 2 points, got 1"),
        ({"words": ["a", "b"], "groups": [1]}, ValueError, "each of the 2 words, got 1"),
        ({"words": {"g": ["a", "b"]}, "groups": [1, 2]}, ValueError, "leave out one of them"),
        ({"analogies": [("a", "x")]}, KeyError, "'x'"),
        ({"reducer": "umap"}, ValueError, "must be 'pca', 'tsne' or an object with a method fit_transform, got 'umap'"),
        ({"reducer": None}, TypeError, "must be 'pca', 'tsne' or an object with a method fit_transform, got None"),
        ({"reducer": PCA(3)}, ValueError, r"shape \(4, 2\), got \(4, 3\)"),
    ],
)
def test_errors(arguments, error, message):
    with pytest.raises(error, match=message):
        WordMapDisplay.from_vectors(GRID, **arguments)


def test_errors_of_coordinates():
    with pytest.raises(ValueError, match=r"shape \(1, 2\), for 1 words, got shape \(2, 2\)"):
        WordMapDisplay([[0, 1], [1, 0]], ["a"])
    with pytest.raises(ValueError, match="analogies must be of words of the map, got 'b'"):
        WordMapDisplay([[0, 1]], ["a"], analogies=[("a", "b")])
