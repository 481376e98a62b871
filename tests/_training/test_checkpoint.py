"""Training that goes on: after a fit, after a kill, and as long as a callback wants."""

import os
import pickle
import subprocess
import sys
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.exceptions import ConvergenceWarning

from glove_sklearn import CooccurrenceCounter, GloVe, GloVeVectorizer
from glove_sklearn._fitting import open_checkpoint
from glove_sklearn._training.settings import TrainingSettings

DOCUMENTS = [f"{a} {b} c{(i * j) % 7} d{i % 5} {b}" for i, a in enumerate("abcdefgh") for j, b in enumerate("abcdefgh")]
PARAMETERS = {"n_components": 6, "random_state": 3}


@pytest.fixture(params=["GloVe", "GloVeVectorizer"])
def case(request):
    """An estimator and something to fit it on."""
    if request.param == "GloVe":
        return GloVe(**PARAMETERS), CooccurrenceCounter(min_count=1).fit(DOCUMENTS).cooccurrence_
    return GloVeVectorizer(**PARAMETERS, min_count=1, pooling="sif"), DOCUMENTS


def attributes(estimator):
    return {
        name: value
        for name, value in vars(estimator).items()
        if name.endswith("_") and not name.startswith("_") and name != "random_state_"
    }


def assert_same_bits(one, other, *, but=()):
    ours, theirs = attributes(one), attributes(other)
    assert ours.keys() - set(but) == theirs.keys() - set(but)
    for name in ours.keys() - set(but):
        np.testing.assert_array_equal(ours[name], theirs[name], err_msg=name)


WARM = {
    "word_accumulators_", "context_accumulators_", "random_state_", "word_vectors_", "context_vectors_", "word_biases_",
    "context_biases_",
}  # fmt: skip


@pytest.mark.parametrize("random_state", [3, "instance", None])
def test_ten_passes_and_fifteen_more_are_the_same_bits_as_twenty_five(case, random_state):
    estimator, X = case
    if random_state == "instance":
        estimator.set_params(random_state=np.random.RandomState(np.random.PCG64(5)))
    estimator.set_params(warm_start=True, max_iter=10).fit(X)
    # None draws the seed from the global generator: the run in one piece is given what was drawn.
    whole = clone(estimator).set_params(max_iter=25)
    if random_state == 3:
        whole.fit(X)
    else:
        generator = np.random.RandomState(getattr(np.random, estimator.random_state_["bit_generator"])())
        generator.set_state(estimator.random_state_)
        whole.set_params(random_state=generator).fit(X)
    estimator.set_params(max_iter=15)
    assert estimator.fit(X) is estimator
    assert estimator.n_iter_ == 25
    assert_same_bits(estimator, whole)


def test_a_pickled_estimator_goes_on_in_another_place(case):
    estimator, X = case
    estimator.set_params(warm_start=True, max_iter=2).fit(X)
    other = pickle.loads(pickle.dumps(estimator))
    assert_same_bits(other.set_params(n_jobs=2, memory_limit="100KB").fit(X), estimator.fit(X))


def test_warm_start_keeps_what_it_needs_and_only_then(case):
    estimator, X = case
    estimator.set_params(max_iter=2).fit(X)
    cold = attributes(estimator)
    warm = clone(estimator).set_params(warm_start=True).fit(X)
    assert "word_accumulators_" in vars(warm)
    assert not {"word_accumulators_", "random_state_"} & cold.keys()
    assert_same_bits(warm, estimator, but=WARM)
    warm.set_params(warm_start=False).fit(X)
    assert_same_bits(warm, estimator)
    assert "random_state_" not in vars(warm)


def test_first_accumulators_hold_the_learning_rate(case):
    estimator, X = case
    estimator.set_params(warm_start=True, max_iter=1, learning_rate=0.1).fit(X)
    for accumulators in (estimator.word_accumulators_, estimator.context_accumulators_):
        assert accumulators.shape == (len(accumulators), 7)
        assert (accumulators[:, :6] >= np.float32(100)).all()
        assert (accumulators[:, 6] >= 1).all()


def test_warm_start_refuses_what_it_cannot_go_on_from(case):
    estimator, X = case
    estimator.set_params(max_iter=1).fit(X)
    with pytest.raises(ValueError, match="kept no accumulators to resume from"):
        estimator.set_params(warm_start=True).fit(X)
    warm = clone(estimator).fit(X)
    with pytest.raises(ValueError, match="resumes a fit with n_components=6, got n_components=7"):
        warm.set_params(n_components=7).fit(X)


def test_warm_start_on_another_matrix():
    X = CooccurrenceCounter(min_count=1).fit(DOCUMENTS).cooccurrence_
    glove = GloVe(**PARAMETERS, init="random", max_iter=5, warm_start=True).fit(X)
    cold = GloVe(**PARAMETERS, init="random", max_iter=1).fit(2 * X)
    assert glove.set_params(max_iter=1).fit(2 * X).loss_curve_[5] < cold.loss_curve_[0]
    with pytest.raises(ValueError, match=r"resumes a fit on X of shape \(20, 20\), got X of shape \(4, 4\)"):
        glove.fit(X[:4, :4])


def test_known_words_go_on_and_new_words_begin_in_other_documents():
    vectorizer = GloVeVectorizer(
        **PARAMETERS, min_count=1, init="random", warm_start=True, max_iter=20, learning_rate=1e-6
    )
    before = vectorizer.fit(DOCUMENTS)
    word_vectors, rows = before.word_vectors_.copy(), dict(before.vocabulary_)
    vectorizer.set_params(max_iter=1).fit([*DOCUMENTS[:24], "news news newer c1 a"] * 2)
    assert {"news", "newer"} <= vectorizer.vocabulary_.keys()
    assert vectorizer.n_iter_ == 21
    known = [term for term in vectorizer.vocabulary_ if term in rows]
    assert "c9" not in rows
    assert 10 < len(known) < len(vectorizer.vocabulary_)
    # The rate is so small that words stay where they were.
    np.testing.assert_allclose(
        vectorizer.word_vectors_[[vectorizer.vocabulary_[term] for term in known]],
        word_vectors[[rows[term] for term in known]],
        atol=1e-4,
    )
    new = vectorizer.word_vectors_[vectorizer.vocabulary_["newer"]]
    assert np.isfinite(new).all()
    assert (np.abs(new) <= 0.5 / 6 + 1e-4).all()
    assert new.any()
    with pytest.raises(ValueError, match="none of the 2 words of X was in the earlier fit"):
        vectorizer.fit(["xx yy"])


@pytest.mark.parametrize("init", ["svd", "random"])
def test_new_words_stand_where_their_synonyms_do(init):
    random_state = np.random.RandomState(0)
    # Words of three subjects, and the same written otherwise.
    documents = [
        [f"{subject}{n}" for n in random_state.randint(12, size=30)] for subject in random_state.randint(3, size=90)
    ]
    otherwise = [[word + "x" * random_state.randint(2) for word in document] for document in documents]
    vectorizer = GloVeVectorizer(
        8, window_size=8, min_count=1, analyzer=list, init=init, warm_start=True, max_iter=15, random_state=0
    )
    vectorizer.fit(documents).set_params(max_iter=1).fit(otherwise)
    words = vectorizer.word_vectors_ / np.linalg.norm(vectorizer.word_vectors_, axis=1, keepdims=True)
    old = [term for term in vectorizer.vocabulary_ if not term.endswith("x")]
    cosines = (
        words[[vectorizer.vocabulary_[f"{term}x"] for term in old]] @ words[[vectorizer.vocabulary_[t] for t in old]].T
    )
    nearest = [old[row] for row in cosines.argmax(axis=1)]
    of_the_subject = np.mean([term[0] == other[0] for term, other in zip(old, nearest, strict=True)])
    # A pass is enough for words that do not begin at random.
    assert (of_the_subject > 0.9) == (init == "svd")


def test_callback_gets_number_loss_and_a_fitted_copy(case):
    estimator, X = case
    seen = []

    def callback(n_iter, loss, snapshot):
        seen.append((n_iter, loss, snapshot()))

    estimator.set_params(callback=callback, max_iter=3).fit(X)
    assert [n_iter for n_iter, _, _ in seen] == [1, 2, 3]
    assert [loss for _, loss, _ in seen] == estimator.loss_curve_.tolist()
    for n_iter, _, copy in seen:
        assert_same_bits(copy, clone(estimator).set_params(callback=None, max_iter=n_iter).fit(X))
    assert type(seen[0][2]) is type(estimator)


def test_a_snapshot_is_taken_in_the_callback(case):
    estimator, X = case
    kept = []
    estimator.set_params(callback=lambda n_iter, loss, snapshot: kept.append(snapshot), max_iter=2).fit(X)
    with pytest.raises(RuntimeError, match="the snapshot of epoch 1 must be taken in the callback"):
        kept[0]()


def test_snapshot_of_a_vectorizer_can_transform_and_query():
    neighbours = []

    def callback(n_iter, loss, snapshot):
        vectorizer = snapshot()
        assert vectorizer.transform(["a b", ""]).shape == (2, 6)
        pytest.importorskip("gensim")
        neighbours.append(vectorizer.to_keyed_vectors().most_similar("a")[0])

    GloVeVectorizer(**PARAMETERS, min_count=1, max_iter=2, callback=callback).fit(DOCUMENTS)
    assert len(neighbours) == 2


@pytest.mark.parametrize(("answer", "n_iter"), [(True, 2), (np.True_, 2), (False, 4), (None, 4), (1.5, 4), ("no", 4)])
def test_only_true_stops(case, answer, n_iter):
    estimator, X = case
    estimator.set_params(max_iter=4, tol=1e-9, callback=lambda n_iter, loss, snapshot: answer if n_iter == 2 else False)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        estimator.fit(X)
    assert estimator.n_iter_ == n_iter
    # Who stops training knows that it did not converge.
    assert [warning.category for warning in caught] == ([] if n_iter == 2 else [ConvergenceWarning])


def test_an_error_in_the_callback_is_the_users_and_changes_nothing(case):
    estimator, X = case
    estimator.set_params(max_iter=2).fit(X)
    before = attributes(estimator)

    def callback(n_iter, loss, snapshot):
        raise ZeroDivisionError("mine")

    with pytest.raises(ZeroDivisionError, match="mine"):
        estimator.set_params(callback=callback).fit(X)
    assert attributes(estimator) == before or all(attributes(estimator)[name] is before[name] for name in before)


#: Where runs are killed: in the callback after so many passes, or when so many arrays of checkpoints have been written; and the
#: pass of the checkpoint that is there then.
KILLS = [
    ("pass", 2, None),
    ("pass", 5, 3),
    ("pass", 8, 6),
    ("array", 3, None),
    ("array", 9, 3),
    ("array", 14, 3),
    ("array", 18, 6),
]

RUN = """
import os, signal, sys
from tests._training.test_checkpoint import *

def run(kind, path, where, count):
    def kill(*_):
        nonlocal count
        count -= 1
        if not count:
            os.kill(os.getpid(), signal.SIGKILL)

    estimator, X = case.__wrapped__(type("request", (), {"param": kind}))
    estimator.set_params(max_iter=8, checkpoint=path, checkpoint_every=3)
    if where == "pass":
        estimator.set_params(callback=kill)
    else:
        write_array = np.lib.format.write_array
        def killing(*arguments, **named):
            write_array(*arguments, **named)
            kill()
        np.lib.format.write_array = killing
    estimator.fit(X)

kind, folder = sys.argv[1:]
for where, count, _ in KILLS:
    process = os.fork()
    if not process:
        run(kind, f"{folder}/{where}{count}", where, count)
        os._exit(0)
    print(os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system cannot fork")
def test_runs_that_are_killed_end_with_the_same_bits(case, tmp_path):
    estimator, X = case
    whole = clone(estimator).set_params(max_iter=8).fit(X)
    arguments = [sys.executable, "-W", "ignore", "-c", RUN, type(estimator).__name__, tmp_path]
    folder = Path(__file__).parents[2]
    killed = subprocess.run(arguments, cwd=folder, capture_output=True, text=True)
    assert killed.stdout.split() == ["-9"] * len(KILLS), killed.stderr
    for where, count, n_iter in KILLS:
        path = tmp_path / f"{where}{count}"
        assert path.exists() == (n_iter is not None)
        made = []
        again = clone(estimator).set_params(max_iter=8, checkpoint=path, checkpoint_every=3)
        again.set_params(callback=lambda n_iter, loss, snapshot, made=made: made.append(n_iter)).fit(X)
        assert made[0] == (n_iter or 0) + 1
        assert_same_bits(again, whole)
    assert sorted(os.listdir(tmp_path)) == sorted(f"{where}{count}" for where, count, _ in KILLS)


def test_a_finished_run_makes_no_more_passes_until_more_are_asked_for(case, tmp_path):
    estimator, X = case
    made = []
    estimator.set_params(checkpoint=str(tmp_path / "run"), max_iter=4)
    estimator.set_params(callback=lambda n_iter, loss, snapshot: made.append(n_iter))
    first = clone(estimator).fit(X)
    assert_same_bits(estimator.fit(X), first)
    assert made == [1, 2, 3, 4]
    estimator.set_params(max_iter=6).fit(X)
    assert made == [1, 2, 3, 4, 5, 6]
    assert_same_bits(estimator, clone(estimator).set_params(checkpoint=None, callback=None).fit(X))
    with pytest.raises(ValueError, match="holds 6 epochs, more than the 5 that max_iter asks for"):
        estimator.set_params(max_iter=5).fit(X)


def test_a_run_that_was_stopped_stays_stopped(case, tmp_path):
    estimator, X = case
    estimator.set_params(checkpoint=tmp_path / "run", checkpoint_every=5, max_iter=50, tol=0.05)
    converged = clone(estimator).fit(X)
    assert 2 < converged.n_iter_ < 50
    assert_same_bits(clone(estimator).fit(X), converged)
    (tmp_path / "run").unlink()

    estimator.set_params(tol=None, callback=lambda n_iter, loss, snapshot: n_iter == 3)
    assert clone(estimator).fit(X).n_iter_ == 3
    assert estimator.fit(X).n_iter_ == 3
    assert estimator.set_params(callback=None, max_iter=4).fit(X).n_iter_ == 4


def test_random_numbers_that_nobody_knows_are_in_the_checkpoint(case, tmp_path):
    estimator, X = case
    estimator.set_params(checkpoint=tmp_path / "run", random_state=None, max_iter=2).fit(X)
    again = clone(estimator).set_params(max_iter=3).fit(X)
    np.testing.assert_array_equal(again.loss_curve_[:2], estimator.loss_curve_)
    # What was drawn for the run is known where it goes on with warm_start, too.
    warm = clone(estimator).set_params(max_iter=3, warm_start=True).fit(X)
    assert_same_bits(warm, again, but=WARM)
    more = clone(estimator).set_params(max_iter=4).fit(X)
    assert_same_bits(warm.set_params(checkpoint=None, max_iter=1).fit(X), more, but=WARM)


def test_a_fit_that_goes_on_makes_passes_though_the_last_was_stopped(case, tmp_path):
    estimator, X = case
    for checkpoint in (None, tmp_path / "run"):
        stopping = clone(estimator).set_params(warm_start=True, checkpoint=checkpoint, max_iter=9)
        stopping.set_params(callback=lambda n_iter, loss, snapshot: n_iter in (2, 4)).fit(X)
        assert stopping.n_iter_ == 2
        assert stopping.fit(X).n_iter_ == 4
    for checkpoint in (None, tmp_path / "other"):
        converging = clone(estimator).set_params(warm_start=True, checkpoint=checkpoint, max_iter=50, tol=0.05).fit(X)
        before = converging.n_iter_
        assert converging.fit(X).n_iter_ > before


def test_threads_may_write_the_same_checkpoint(case, tmp_path):
    """Each writes a file of its own; the last to be renamed stays, and is whole."""
    estimator, X = case
    begun = threading.Barrier(4)
    estimator.set_params(checkpoint=tmp_path / "run", max_iter=20)

    def wait(n_iter, loss, snapshot):
        if n_iter == 1:  # nothing is written yet
            begun.wait()

    fits = [threading.Thread(target=lambda: clone(estimator).set_params(callback=wait).fit(X)) for _ in range(4)]
    for thread in fits:
        thread.start()
    for thread in fits:
        thread.join()
    assert os.listdir(tmp_path) == ["run"]
    assert_same_bits(clone(estimator).fit(X), clone(estimator).set_params(checkpoint=None).fit(X))


def test_a_checkpoint_that_changes_while_it_is_read_is_refused(tmp_path):
    X = CooccurrenceCounter(min_count=1).fit(DOCUMENTS).cooccurrence_
    glove = GloVe(**PARAMETERS, max_iter=2, checkpoint=tmp_path / "run").fit(X)
    opened = open_checkpoint(TrainingSettings.of(glove))
    np.testing.assert_array_equal(opened.load("words").vectors, glove.word_vectors_)
    clone(glove).set_params(max_iter=3).fit(X)
    with pytest.raises(ValueError, match="is being written by another run; give each run its own"):
        opened.load("contexts")


def test_a_snapshot_shares_nothing_that_can_change():
    def callback(n_iter, loss, snapshot):
        vectorizer = snapshot()
        vectorizer.vocabulary_.clear()
        vectorizer.embedding_[:] = vectorizer.counts_[:] = 0

    vectorizer = GloVeVectorizer(**PARAMETERS, min_count=1, max_iter=2)
    alone = clone(vectorizer).fit(DOCUMENTS)
    assert_same_bits(vectorizer.set_params(callback=callback).fit(DOCUMENTS), alone)


def test_a_checkpoint_that_was_tampered_with_is_refused(case, tmp_path):
    estimator, X = case
    path = tmp_path / "run"
    estimator.set_params(checkpoint=path, max_iter=1).fit(X)
    with np.load(path) as file:
        whole = dict(file)
    for name, change in {
        "words_vectors": lambda array: array[:, :1],
        "words_biases": lambda array: array * np.float32(np.nan),
        "contexts_accumulators": lambda array: array[:-1],
        "contexts_vectors": lambda array: array.astype(int),
        "metadata": lambda metadata: np.array(str(metadata).replace("loss_curve", "losses")),
    }.items():
        with open(path, "wb") as file:
            np.savez(file, **{**whole, name: change(whole[name])})
        with pytest.raises(ValueError, match="is damaged, or not a checkpoint of this version of glove_sklearn"):
            clone(estimator).set_params(max_iter=2).fit(X)


def test_checkpoint_and_warm_start_together(case, tmp_path):
    estimator, X = case
    whole = clone(estimator).set_params(max_iter=5, warm_start=True).fit(X)
    estimator.set_params(warm_start=True, checkpoint=tmp_path / "run", max_iter=2).fit(X)
    saved = pickle.dumps(estimator)
    assert_same_bits(estimator.set_params(max_iter=3).fit(X), whole)
    # As if it had been killed in the second fit.
    assert_same_bits(pickle.loads(saved).set_params(max_iter=3).fit(X), whole)
    other = clone(estimator).set_params(checkpoint=None, random_state=4).fit(X)
    with pytest.raises(ValueError, match="does not resume from this fitted estimator"):
        other.set_params(random_state=3, checkpoint=tmp_path / "run").fit(X)


@pytest.mark.parametrize(
    "changed",
    [
        {"n_components": 7},
        {"x_max": 5},
        {"alpha": 0.5},
        {"learning_rate": 0.1},
        {"negative_ratio": 0.9},
        {"init": "random"},
        {"random_state": 4},
    ],
)
def test_a_checkpoint_of_a_run_with_other_parameters_is_refused(case, tmp_path, changed):
    estimator, X = case
    estimator.set_params(checkpoint=tmp_path / "run", max_iter=1).fit(X)
    with pytest.raises(
        ValueError, match=rf"belongs to a run with {next(iter(changed))}=.*remove the file or give another"
    ):
        clone(estimator).set_params(**changed).fit(X)


def test_a_checkpoint_goes_on_with_other_post_processing(case, tmp_path):
    """It is done after training, and is no part of what is kept."""
    estimator, X = case
    estimator.set_params(checkpoint=tmp_path / "run", max_iter=2, postprocess=None).fit(X)
    again = clone(estimator).set_params(postprocess="center").fit(X)
    assert_same_bits(again, clone(again).set_params(checkpoint=None).fit(X))


def test_post_processing_does_not_change_what_a_fit_goes_on_from(case):
    estimator, X = case
    for postprocess in ("level", "all-but-the-top", "center", None):
        going_on = clone(estimator).set_params(warm_start=True, postprocess=postprocess, max_iter=2).fit(X)
        going_on.set_params(postprocess=None).fit(X)
        whole = clone(going_on).set_params(max_iter=4).fit(X)
        assert_same_bits(going_on, whole)


@pytest.mark.parametrize(
    "parameters", [{"negative_ratio": 0}, {"negative_ratio": 1.5}, {"init": "random"}, {"x_max": 2.0}], ids=str
)
def test_any_model_goes_on_to_the_same_bits(case, parameters):
    estimator, X = case
    estimator.set_params(**parameters, warm_start=True, max_iter=2).fit(X)
    whole = clone(estimator).set_params(max_iter=5).fit(X)
    assert_same_bits(estimator.set_params(max_iter=3).fit(X), whole)


def test_a_checkpoint_of_a_run_on_other_data_is_refused(case, tmp_path):
    estimator, X = case
    estimator.set_params(checkpoint=tmp_path / "run", max_iter=1).fit(X)
    other, fewer = (2 * X, X[:4, :4]) if isinstance(estimator, GloVe) else ([*X, "a b"], X[:10])
    with pytest.raises(ValueError, match=r"of shape \(20, 20\) there, of shape \(20, 20\) here with other entries"):
        clone(estimator).fit(other)
    with pytest.raises(ValueError, match=r"of shape \(20, 20\) there, of shape \(\d+, \d+\) here; remove"):
        clone(estimator).fit(fewer)


def test_what_is_no_checkpoint_is_refused_before_anything_else(case, tmp_path):
    estimator, X = case
    path = tmp_path / "run"
    estimator.set_params(checkpoint=path, max_iter=1).fit(X)
    whole = path.read_bytes()
    np.savez(tmp_path / "other.npz", words=np.ones(3))
    for content in (
        b"",
        b"the 0.1 0.2\n",
        whole[: len(whole) // 2],
        (tmp_path / "other.npz").read_bytes(),
        b"\x80\x04N.",
    ):
        path.write_bytes(content)
        with pytest.raises(ValueError, match="is damaged, or not a checkpoint of this version of glove_sklearn"):
            clone(estimator).fit(X)
        assert path.read_bytes() == content
    with pytest.raises(FileNotFoundError, match=r"the folder .* does not exist"):
        clone(estimator).set_params(checkpoint=tmp_path / "missing" / "run").fit(X)
    with pytest.raises(IsADirectoryError, match="is a folder: give the name of a file in it"):
        clone(estimator).set_params(checkpoint=tmp_path).fit(X)


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="this system has no /dev/full")
def test_a_full_disk_is_an_error_that_names_the_checkpoint(case, tmp_path):
    estimator, X = case
    (tmp_path / f"run.{os.getpid()}-{threading.get_ident()}.partial").symlink_to("/dev/full")
    with pytest.raises(OSError, match=r"No space left on device: checkpoint='.*/run' cannot be written"):
        estimator.set_params(checkpoint=tmp_path / "run", max_iter=1).fit(X)
    with pytest.raises(OSError, match=r"checkpoint='/dev/full' is not a regular file"):
        estimator.set_params(checkpoint="/dev/full").fit(X)


def test_records_on_disk_give_the_same_checkpoint(tmp_path):
    X = CooccurrenceCounter(min_count=1).fit(DOCUMENTS).cooccurrence_
    glove = GloVe(**PARAMETERS, max_iter=2, checkpoint=tmp_path / "run").fit(X)
    limited = clone(glove).set_params(max_iter=3, memory_limit="30KB").fit(X)
    assert_same_bits(limited, GloVe(**PARAMETERS, max_iter=3).fit(X))
