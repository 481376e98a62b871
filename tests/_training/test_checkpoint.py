"""Checkpoints: runs that were killed end with the same bits, and files of other runs are refused."""

import io
import json
import os
import pickle
import re
import subprocess
import sys
import threading
import zipfile
from pathlib import Path

import numpy as np
import pytest
from sklearn.base import clone

from glove_sklearn import CooccurrenceCounter, GloVe
from glove_sklearn._fitting import open_checkpoint
from glove_sklearn._training.settings import TrainingSettings
from tests._training.runs import DOCUMENTS, PARAMETERS, WARM, assert_same_bits
from tests.disk import limit_of_file_size

#: Where runs are killed: in the callback of an epoch, or after writing a number of arrays of checkpoints; and the epoch of the
#: checkpoint that is left.
KILLS = [
    ("epoch", 2, None),
    ("epoch", 5, 3),
    ("epoch", 8, 6),
    ("array", 3, None),
    ("array", 9, 3),
    ("array", 14, 3),
    ("array", 18, 6),
]

RUN = """
import os, signal, sys
import numpy as np
from tests.disk import limit_of_file_size
from tests._training.runs import make_case
from tests._training.test_checkpoint import KILLS

def run(kind, path, where, count):
    def kill(*_):
        nonlocal count
        count -= 1
        if not count:
            os.kill(os.getpid(), signal.SIGKILL)

    estimator, X = make_case(kind)
    estimator.set_params(max_iter=8, checkpoint=path, checkpoint_every=3)
    if where == "epoch":
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


@pytest.mark.long
@pytest.mark.posix
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


def test_a_finished_run_makes_no_more_epochs_until_more_are_asked_for(case, tmp_path):
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
    # What was drawn for the run is known where warm_start resumes it, too.
    warm = clone(estimator).set_params(max_iter=3, warm_start=True).fit(X)
    assert_same_bits(warm, again, but=WARM)
    more = clone(estimator).set_params(max_iter=4).fit(X)
    assert_same_bits(warm.set_params(checkpoint=None, max_iter=1).fit(X), more, but=WARM)


def test_a_fit_that_resumes_makes_epochs_though_the_last_was_stopped(case, tmp_path):
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


#: Changes of one field of what a checkpoint says; None removes it.
CRAFTED = [
    *(
        ([name], value)
        for name in ("settings", "random_state", "shape", "loss_curve")
        for value in ([], {}, None, 7, "x")
    ),
    (["loss_curve"], ["low"]),
    (["loss_curve"], [float("nan")]),
    (["is_stopped"], "no"),
    (["digest"], 5),
    (["origin"], [1]),
    (["shape"], [0, -1]),
    (["shape"], [True, True]),
    (["shape"], [10**13, 10**13]),
    (["settings", "n_components"], "many"),
    (["settings", "n_components"], 10**13),
    (["settings", "alpha"], [1]),
    (["random_state", "bit_generator"], "test"),
    (["random_state", "bit_generator"], "PCG64"),
    (["random_state", "state"], []),
    (["random_state", "state", "key"], [1]),
    (["random_state", "state", "key"], [-1] * 624),
    (["random_state", "state", "pos"], 10**6),
    (["random_state", "gauss"], "x"),
    (["random_state", "has_gauss"], 2),
]


@pytest.mark.parametrize(("where", "value"), CRAFTED, ids=str)
def test_a_crafted_checkpoint_is_refused(tmp_path, where, value):
    X = CooccurrenceCounter(min_count=1).fit(DOCUMENTS).cooccurrence_
    path = tmp_path / "run"
    glove = GloVe(**PARAMETERS, max_iter=1, checkpoint=path).fit(X)
    with np.load(path) as file:
        whole = dict(file)
    metadata = json.loads(str(whole["metadata"]))
    inner = metadata
    for name in where[:-1]:
        inner = inner[name]
    if value is None:
        del inner[where[-1]]
    else:
        inner[where[-1]] = value
    with open(path, "wb") as file:
        np.savez(file, **{**whole, "metadata": np.array(json.dumps(metadata))})
    with pytest.raises(
        ValueError, match=rf"checkpoint={re.escape(repr(str(path)))} (is damaged|belongs to a run|holds)"
    ):
        clone(glove).set_params(max_iter=2).fit(X)


@pytest.mark.parametrize("name", ["metadata", "words_vectors"])
def test_an_array_that_claims_more_than_the_file_holds_is_refused(tmp_path, name):
    X = CooccurrenceCounter(min_count=1).fit(DOCUMENTS).cooccurrence_
    path = tmp_path / "run"
    glove = GloVe(**PARAMETERS, max_iter=1, checkpoint=path).fit(X)
    with zipfile.ZipFile(path) as file:
        members = {member: file.read(member) for member in file.namelist()}
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(
        header, {"descr": "<f4" if name != "metadata" else "<U9", "fortran_order": False, "shape": (10**13,)}
    )
    with zipfile.ZipFile(path, "w") as file:
        for member, data in members.items():
            file.writestr(member, header.getvalue() + bytes(1000) if member == f"{name}.npy" else data)
    with pytest.raises(ValueError, match="is damaged, or not a checkpoint"):
        clone(glove).set_params(max_iter=2).fit(X)


def test_random_numbers_of_another_generator_are_refused(tmp_path):
    X = CooccurrenceCounter(min_count=1).fit(DOCUMENTS).cooccurrence_
    random_state = np.random.RandomState(np.random.PCG64(0))
    glove = GloVe(2, max_iter=1, random_state=random_state, checkpoint=tmp_path / "run")
    with pytest.raises(ValueError, match=r"needs random numbers of MT19937, .* RandomState of PCG64"):
        glove.fit(X)


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


def test_a_checkpoint_resumes_with_other_post_processing(case, tmp_path):
    """It is done after training, and is no part of what is kept."""
    estimator, X = case
    estimator.set_params(checkpoint=tmp_path / "run", max_iter=2, postprocess=None).fit(X)
    again = clone(estimator).set_params(postprocess="center").fit(X)
    assert_same_bits(again, clone(again).set_params(checkpoint=None).fit(X))


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


def test_a_full_disk_is_an_error_that_names_the_checkpoint(case, tmp_path):
    estimator, X = case
    estimator.set_params(checkpoint=tmp_path / "run", max_iter=1)
    with (
        limit_of_file_size(1000),
        pytest.raises(OSError, match=r"File too large: checkpoint='.*/run' cannot be written"),
    ):
        estimator.fit(X)
    assert os.listdir(tmp_path) == []
    with pytest.raises(OSError, match=r"checkpoint='/dev/null' is not a regular file"):
        estimator.set_params(checkpoint="/dev/null").fit(X)


def test_records_on_disk_give_the_same_checkpoint(tmp_path):
    X = CooccurrenceCounter(min_count=1).fit(DOCUMENTS).cooccurrence_
    glove = GloVe(**PARAMETERS, max_iter=2, checkpoint=tmp_path / "run").fit(X)
    limited = clone(glove).set_params(max_iter=3, memory_limit="30KB").fit(X)
    assert_same_bits(limited, GloVe(**PARAMETERS, max_iter=3).fit(X))
