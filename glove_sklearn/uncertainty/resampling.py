"""Uncertainty due to documents and to seeds: the model is refitted many times, and the answers are compared."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from sklearn.utils import check_random_state
from tqdm.auto import tqdm

from glove_sklearn._counting.counting import count_tokens
from glove_sklearn._counting.row_store import CsrRows, RowSource, cumulative_offsets
from glove_sklearn._counting.weights import near_size_of
from glove_sklearn._embedding.word_vectors import WordVectors
from glove_sklearn._parameters import COUNTER_PARAMETERS, NEAR_CONTEXT, names_with_effect
from glove_sklearn._system import budget
from glove_sklearn._system.files import StrPath, open_to_write
from glove_sklearn._system.sklearn_compat import validate_parameters
from glove_sklearn._system.storage import Storage
from glove_sklearn._system.threads import ThreadTeam
from glove_sklearn._system.wording import perhaps
from glove_sklearn._text.corpus import Corpus
from glove_sklearn._text.encoder import as_term, check_documents, make_count_vectorizer
from glove_sklearn._text.vocabulary import encode, given_terms
from glove_sklearn._training.settings import TrainingSettings, is_init_method
from glove_sklearn._training.subsampling import subsample
from glove_sklearn._training.trainer import TrainedModel, train
from glove_sklearn._variance.factors import RegressionModel
from glove_sklearn.evaluation.vectors import dot, unit_vectors
from glove_sklearn.uncertainty.estimates import Estimate, Estimates, draw_intervals
from glove_sklearn.uncertainty.inference import check_level
from glove_sklearn.uncertainty.intervals import normal_intervals
from glove_sklearn.uncertainty.word_uncertainty import WordUncertainty

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Identifies a checkpoint, and the version of its layout.
_FORMAT = "glove_sklearn replicates 1"

#: Pairs of words, whose cosines are asked for, or a function of the vectors that returns numbers.
Question = Sequence[tuple[str, str]] | Callable[[WordVectors], Any]


class Counts(NamedTuple):
    """What documents are counted to."""

    occurrences: np.ndarray
    """(n_words,), int64: how often each word occurs."""
    rows: RowSource
    """X."""


class Refits:
    """Documents that are encoded once, and counted and trained on any number of times.

    Parameters
    ----------
    estimator : GloVeVectorizer
        Its parameters are used; it need not be fitted, and is not changed.
    documents : iterable
        Read once.
    n_jobs : int or None
    storage : Storage
        Holds the tokens.

    Attributes
    ----------
    terms : list of str
        The vocabulary of all documents, which every fit shares.
    n_documents : int
    seed : int
        The `random_state` of the estimator, or a number drawn from it.
    """

    def __init__(self, estimator: Any, documents: Iterable, n_jobs: int | None, storage: Storage) -> None:
        validate_parameters(estimator)
        check_documents(documents)
        if not is_init_method(estimator.init):
            raise ValueError(
                "fits on other documents or with other seeds begin anew, but init has vectors; set init to 'svd' or 'random'."
            )
        counting = (*COUNTER_PARAMETERS, *NEAR_CONTEXT)
        self._parameters = {parameter.name: getattr(estimator, parameter.name) for parameter in counting}
        self._n_jobs, self._storage = n_jobs, storage
        text = make_count_vectorizer(self._parameters)
        self._tokens, vocabulary = encode(documents, text, given_terms(text), self._parameters, storage, n_jobs, 0)
        # From all documents: every fit has the same contexts, however many words its documents have.
        self._parameters["near_size"] = near_size_of(
            estimator.near_size, estimator.weighting, int(vocabulary.counts.sum())
        )
        self.terms, self.n_documents = vocabulary.terms, self._tokens.n_documents
        seed = estimator.random_state
        self.seed = int(seed) if isinstance(seed, int) else int(check_random_state(seed).randint(2**31 - 1))
        self._settings = replace(
            TrainingSettings.of(estimator), verbose=0, warm_start=False, checkpoint=None, callback=None
        )

    def count(self, repeats: np.ndarray | None = None) -> Counts:
        """Count the documents, each as often as `repeats` says, or once, for any number of fits.

        Parameters
        ----------
        repeats : ndarray of shape (n_documents,), int64, or None, default=None

        Returns
        -------
        Counts
        """
        occurrences, rows = self._count(repeats, self._storage)
        return Counts(occurrences, _KeptRows(rows))

    def fit(
        self, repeats: np.ndarray | None = None, seed: int | None = None, counts: Counts | None = None
    ) -> tuple[WordVectors, TrainedModel]:
        """Fit on the documents, each as often as `repeats` says, or once.

        Parameters
        ----------
        repeats : ndarray of shape (n_documents,), int64, or None, default=None
        seed : int or None, default=None
            None for `self.seed`.
        counts : Counts or None, default=None
            What `count` returned for these `repeats`; None to count now.

        Returns
        -------
        vectors : WordVectors
            NaN for a word that does not occur in these documents.
        model : TrainedModel
        """
        with self._storage.scratch() as storage, ThreadTeam(self._n_jobs) as team:
            occurrences, rows = self._count(repeats, storage) if counts is None else counts
            model = train(rows, self._settings_with(seed), storage, team)
        vectors = model.embedding
        if not occurrences.all():
            vectors = np.where(occurrences[:, np.newaxis] > 0, vectors, np.float32(np.nan))
        return WordVectors(self.terms, vectors, occurrences), model

    def fit_uncertainty(self, repeats: np.ndarray | None = None, seed: int | None = None) -> WordUncertainty:
        """Fit as `fit` does, and return the uncertainty of the vectors; X is kept in memory.

        Parameters
        ----------
        repeats : ndarray of shape (n_documents,), int64, or None, default=None
        seed : int or None, default=None

        Returns
        -------
        WordUncertainty
        """
        with self._storage.scratch() as storage:
            occurrences, rows = self._count(repeats, storage)
            kept = _KeptRows(CsrRows(rows.to_csr()))
        _, model = self.fit(repeats, seed, Counts(occurrences, kept))
        words, contexts, settings = model.state.words, model.state.contexts, self._settings
        regression = RegressionModel(
            words.vectors, words.biases, contexts.vectors, contexts.biases, model.x_max, float(settings.alpha), True
        )
        sampled = subsample(kept, settings.sample)
        return WordUncertainty(self.terms, sampled, regression, model.embedding, settings.combine, n_jobs=self._n_jobs)

    def _settings_with(self, seed: int | None) -> TrainingSettings:
        return replace(self._settings, random_state=self.seed if seed is None else seed)

    def _count(self, repeats: np.ndarray | None, storage: Storage) -> Counts:
        tokens = self._tokens if repeats is None else _repeated(self._tokens, repeats, storage)
        occurrences = np.zeros(len(self.terms), dtype=np.int64)
        for ids, _ in tokens:
            occurrences += np.bincount(ids, minlength=len(occurrences))
        rows = count_tokens(tokens, occurrences, self._parameters, storage, self._n_jobs, 0)
        return Counts(occurrences, rows)

    def digest(self) -> str:
        """Return a hash of the vocabulary and the documents."""
        ids_hash, lengths_hash = hashlib.sha256("\n".join(self.terms).encode(errors="surrogatepass")), hashlib.sha256()
        for ids, lengths in self._tokens:
            ids_hash.update(np.ascontiguousarray(ids).data)
            lengths_hash.update(np.ascontiguousarray(lengths).data)
        return ids_hash.hexdigest() + lengths_hash.hexdigest()

    def identity(self) -> dict[str, Any]:
        """Return what results depend on."""
        names = [*names_with_effect("training"), *names_with_effect("schedule"), *names_with_effect("embedding")]
        settings = {name: repr(getattr(self._settings, name)) for name in names if hasattr(self._settings, name)}
        counting = {name: repr(self._parameters[name]) for name in ("window_size", "context", "weighting", "near_size")}
        return {"seed": self.seed, "documents": self.digest(), **settings, **counting}


class _KeptRows:
    """Rows of X that stay after training has read, released and closed them.

    Parameters
    ----------
    rows : RowSource
    """

    #: Nothing is given back.
    memory = 0

    def __init__(self, rows: RowSource) -> None:
        self._rows = rows
        self.shape, self.lengths = rows.shape, rows.lengths
        self.n_entries, self.ranges, self.read, self.to_csr = rows.n_entries, rows.ranges, rows.read, rows.to_csr

    def release(self, first_row: int, last_row: int) -> None:
        """Keep the rows."""

    def close(self) -> None:
        """Keep the rows."""


def _repeated(tokens: Corpus, repeats: np.ndarray, storage: Storage) -> Corpus:
    """Repeat documents, which may be 0 times."""
    result = Corpus(storage, budget.TOKENS, budget.DOCUMENT_LENGTHS)
    first = 0
    for ids, lengths in tokens:
        documents = np.repeat(np.arange(len(lengths)), repeats[first : first + len(lengths)])
        chosen = lengths[documents]
        starts, ends = cumulative_offsets(lengths)[documents], cumulative_offsets(chosen)
        positions = np.arange(ends[-1]) + np.repeat(starts - ends[:-1], chosen)
        result.append(ids[positions], chosen)
        first += len(lengths)
    return result


def bootstrap(
    estimator: Any,
    documents: Iterable,
    question: Question,
    *,
    n_replicates: int = 50,
    level: float = 0.95,
    test: bool = False,
    random_state: Any = None,
    checkpoint: StrPath | None = None,
    memory_limit: Any = None,
    temp_dir: Any = None,
    n_jobs: int | None = None,
    verbose: int = 0,
) -> Estimates:
    """Estimate how statistics vary with the documents, by refitting on documents that are resampled with replacement.

    Unlike :class:`WordUncertainty`, this accounts for the context vectors, and for entries of X that come from the same
    document. Each replicate is a fit; the documents are tokenised once.

    Parameters
    ----------
    estimator : GloVeVectorizer
        Its parameters are used for the fits. With an integer as `random_state`, only the documents vary.
    documents : iterable
        Read once.
    question : sequence of (str, str), or callable
        Pairs of words whose cosines are computed, or a function of a `WordVectors` that returns one number or several. Words
        that are in no document of a replicate have vectors of NaN.
    n_replicates : int, default=50
    level : float, default=0.95
        Of the confidence intervals.
    test : bool, default=False
        Whether to test the null hypothesis that the values are 0, which makes sense for differences.
    random_state : int, RandomState instance or None, default=None
        Draws the documents.
    checkpoint : str, path or None, default=None
        File of the replicates so far: the same call resumes after an interruption. Both `random_state` must be integers.
    memory_limit : number, str or None, default=None
    temp_dir : path or None, default=None
    n_jobs : int or None, default=None
        Threads of each fit. The result does not depend on it.
    verbose : int, default=0
        1 for a progress bar.

    Returns
    -------
    Estimates
        The values of a fit on all documents, the standard deviations of the replicates as standard errors, and normal intervals
        around the values; those of cosines are on the scale of Fisher's z, and so lie between -1 and 1. The replicates are not
        used as centres: they repeat and omit documents, which biases their mean.

    Raises
    ------
    ValueError
        If a word is not in the vocabulary, or `checkpoint` is the file of another run.

    Examples
    --------
    >>> from glove_sklearn import GloVeVectorizer
    >>> from glove_sklearn.uncertainty import bootstrap
    >>> documents = ["the cat sat on the mat", "a dog sat on the log", "the cat saw a dog on the mat"] * 5
    >>> vectorizer = GloVeVectorizer(2, min_count=1, random_state=0)
    >>> estimates = bootstrap(vectorizer, documents, [("cat", "dog")], n_replicates=5, random_state=0)
    >>> bool(estimates["cat dog"].standard_error > 0)
    True
    """
    if n_replicates < 2:
        raise ValueError(f"n_replicates must be at least 2, got {n_replicates!r}.")
    check_level(level)
    if not callable(question) and not (question := _as_list(question)):
        raise ValueError("expected at least one pair of words, or a function, got none.")
    seeds = [int(seed) for seed in check_random_state(random_state).randint(2**31 - 1, size=n_replicates)]
    with Storage(memory_limit, temp_dir) as storage:
        refits = Refits(estimator, documents, n_jobs, storage)
        names, answer = _answerer(question, refits.terms)

        def replicate(index: int) -> np.ndarray:
            if index == 0:
                return answer(refits.fit()[0])
            n = refits.n_documents
            drawn = np.random.RandomState(seeds[index - 1]).randint(n, size=n)
            return answer(refits.fit(np.bincount(drawn, minlength=n))[0])

        identity = {"kind": "bootstrap", "names": names, "seeds": seeds, **refits.identity()}
        values = replicates(replicate, n_replicates + 1, identity, checkpoint, verbose)
    limit = np.inf if names is None else 1.0
    return _summary("bootstrap of documents", names, values[0], values[1:], level, limit=limit, test=test)


@dataclass(frozen=True, repr=False)
class SeedComparison:
    """What :func:`compare_seeds` returns. Printed, it is two tables.

    Attributes
    ----------
    similarities : Estimates
        Of each pair: the mean over the seeds and, in place of a standard error, the standard deviation over the seeds; the
        interval is the one in which a fit with another seed is expected to fall, if cosines are normally distributed.
    overlaps : Estimates
        Of each word: the Jaccard index of its neighbours in two fits (the size of the intersection over that of the union),
        averaged over all pairs of seeds, with its standard deviation, minimum and maximum over the pairs.
    """

    similarities: Estimates
    overlaps: Estimates

    def plot(self, ax: Axes | None = None) -> Axes:
        """Draw the intervals of the similarities, and below them the overlaps, from the smallest to the largest.

        Parameters
        ----------
        ax : matplotlib.axes.Axes or None, default=None
            None for a new figure.

        Returns
        -------
        ax : matplotlib.axes.Axes

        Raises
        ------
        ImportError
            If matplotlib is not installed.
        """
        return draw_intervals(self._tables(), ax)

    def _tables(self) -> list[Estimates]:
        return [table for table in (self.similarities, self.overlaps) if len(table)]

    def __str__(self) -> str:
        return "\n\n".join(map(str, self._tables()))

    __repr__ = __str__


def compare_seeds(
    estimator: Any,
    documents: Iterable,
    *,
    pairs: Sequence[tuple[str, str]] = (),
    words: Sequence[str] = (),
    topn: int = 10,
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
    level: float = 0.95,
    checkpoint: StrPath | None = None,
    memory_limit: Any = None,
    temp_dir: Any = None,
    n_jobs: int | None = None,
    verbose: int = 0,
) -> SeedComparison:
    """Fit with several seeds, and compare similarities and neighbours.

    The documents are counted once.

    Parameters
    ----------
    estimator : GloVeVectorizer
        Its parameters are used for the fits, except `random_state`.
    documents : iterable
        Read once.
    pairs : sequence of (str, str), default=()
        Pairs of words whose cosines are compared.
    words : sequence of str, default=()
        Words whose neighbours are compared.
    topn : int, default=10
        Number of neighbours.
    seeds : sequence of int, default=(0, 1, 2, 3, 4)
    level : float, default=0.95
        Of the intervals of the similarities.
    checkpoint, memory_limit, temp_dir, n_jobs, verbose
        As in :func:`bootstrap`.

    Returns
    -------
    SeedComparison

    Raises
    ------
    ValueError
        If a word is not in the vocabulary, there are fewer than two seeds, or `checkpoint` is the file of another run.

    Examples
    --------
    >>> from glove_sklearn import GloVeVectorizer
    >>> from glove_sklearn.uncertainty import compare_seeds
    >>> documents = ["the cat sat on the mat", "a dog sat on the log", "the cat saw a dog on the mat"] * 5
    >>> comparison = compare_seeds(
    ...     GloVeVectorizer(2, min_count=1), documents, pairs=[("cat", "dog")], words=["cat"], topn=3, seeds=(0, 1)
    ... )
    >>> bool(0 <= comparison.overlaps["cat"].value <= 1)
    True
    """
    if isinstance(seeds, str) or not hasattr(seeds, "__len__") or len(seeds) < 2:
        raise ValueError(f"seeds must be a sequence of at least two, got {seeds!r}.")
    pairs = _as_list(pairs)
    check_level(level)
    with Storage(memory_limit, temp_dir) as storage:
        refits = Refits(estimator, documents, n_jobs, storage)
        names, answer = _answerer(pairs, refits.terms)
        rows = _rows_of(words, refits.terms)
        # X does not depend on the seed. It is not counted where the checkpoint has all fits.
        counts = cache(refits.count)

        def fit(index: int) -> np.ndarray:
            vectors, _ = refits.fit(seed=int(seeds[index]), counts=counts())
            units = unit_vectors(vectors.vectors)
            parts = [answer(vectors)]
            for row in rows:
                scores = dot(units, units[row][np.newaxis])
                scores[row] = -np.inf
                parts.append(np.argsort(-scores, kind="stable")[:topn].astype(float))
            return np.concatenate(parts)

        identity = {
            "kind": "seeds",
            "names": names,
            "words": list(words),
            "topn": topn,
            "seeds": [int(s) for s in seeds],
        }
        values = replicates(fit, len(seeds), {**identity, **refits.identity()}, checkpoint, verbose)
    cosines, neighbours = np.split(values, [len(pairs)], axis=1)
    similarities = _summary(f"over {len(seeds)} seeds", names, cosines.mean(axis=0), cosines, level, limit=1.0)
    overlaps = []
    for index, word in enumerate(words):
        sets = [set(np.split(row, len(words))[index]) for row in neighbours]
        shares = [len(a & b) / len(a | b) for i, a in enumerate(sets) for b in sets[:i]]
        overlaps.append(Estimate(word, float(np.mean(shares)), float(np.std(shares)), min(shares), max(shares)))
    return SeedComparison(similarities, Estimates(f"overlap of {topn} neighbours", 1.0, tuple(overlaps)))


def _rows_of(words: Sequence[str], terms: list[str]) -> list[int]:
    row_of = {term: row for row, term in enumerate(terms)}
    words = [as_term(word) for word in words]
    for word in words:
        if word not in row_of:
            raise ValueError(f"{word!r} is not in the vocabulary of the documents{perhaps(word, terms)}.")
    return [row_of[word] for word in words]


def _as_list(pairs: Any) -> list[Any]:
    """Return pairs as a list, or what is no iterable as its only element, so that messages show it."""
    return [pairs] if isinstance(pairs, str) or not isinstance(pairs, Iterable) else list(pairs)


def _answerer(question: Question, terms: list[str]) -> tuple[list[str] | None, Callable[[WordVectors], np.ndarray]]:
    """Return the names of the numbers, None if they are not known before the first answer, and the function for them."""
    if callable(question):
        return None, lambda vectors: np.atleast_1d(np.asarray(question(vectors), dtype=np.float64)).ravel()
    if not all(isinstance(pair, (tuple, list, np.ndarray)) and len(pair) == 2 for pair in question):
        raise ValueError(f"pairs must be a list of pairs of words, such as [('king', 'queen')], got {question!r:.200}.")
    first, second = (_rows_of([pair[side] for pair in question], terms) for side in (0, 1))

    def cosines(vectors: WordVectors) -> np.ndarray:
        return dot(unit_vectors(vectors.vectors[first]), unit_vectors(vectors.vectors[second]))

    return [f"{a} {b}" for a, b in question], cosines


def replicates(
    replicate: Callable[[int], np.ndarray],
    n: int,
    identity: dict[str, Any],
    checkpoint: StrPath | None,
    verbose: int,
) -> np.ndarray:
    """Compute the first `n` replicates, except those that the checkpoint has.

    Parameters
    ----------
    replicate : callable
        Computes the numbers of the replicate with this index.
    n : int
    identity : dict
        What the numbers depend on, besides the index.
    checkpoint : str, path or None
    verbose : int

    Returns
    -------
    values : ndarray of shape (n, n_numbers), float64
    """
    values = [] if checkpoint is None else _read(checkpoint, identity)[:n]
    with tqdm(total=n, initial=len(values), desc="fitting", unit=" fits", disable=not verbose) as bar:
        for index in range(len(values), n):
            values.append([float(value) for value in replicate(index)])
            if checkpoint is not None:
                with open_to_write(checkpoint, compress=False) as file:
                    file.write(json.dumps({"format": _FORMAT, "identity": identity, "values": values}).encode())
            bar.update()
    return np.array(values, dtype=np.float64).reshape(n, -1)


def _read(path: StrPath, identity: dict[str, Any]) -> list[list[float]]:
    if not os.path.exists(path):
        return []
    try:
        with open(path, encoding="utf-8") as file:
            content = json.load(file)
        found, values = content["identity"], content["values"]
        if content["format"] != _FORMAT or len({len(line) for line in values}) > 1:
            raise ValueError(content["format"])
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"checkpoint={os.fspath(path)!r} is not a file of replicates, or it is damaged.") from error
    different = [name for name in identity if found.get(name) != identity[name]]
    if different:
        raise ValueError(
            f"checkpoint={os.fspath(path)!r} is of another run: {', '.join(different)} differ; give another file."
        )
    return values


def _summary(
    title: str,
    names: list[str] | None,
    values: np.ndarray,
    replicates: np.ndarray,
    level: float,
    *,
    limit: float,
    test: bool = False,
) -> Estimates:
    """Make intervals of the normal distribution from the standard deviations of the replicates."""
    names = [str(index) for index in range(len(values))] if names is None else names
    errors, notes = np.full(len(values), np.nan), []
    for index, name in enumerate(names):
        known = replicates[:, index][~np.isnan(replicates[:, index])]
        if len(known) < len(replicates):
            notes.append(
                f"{name}: a word does not occur in {len(replicates) - len(known)} of {len(replicates)} replicates"
            )
        if len(known) > 1:
            errors[index] = np.std(known, ddof=1)
    low, high, p_values = normal_intervals(values, errors, level, np.full(len(values), limit))
    numbers = zip(names, values, errors, low, high, p_values, strict=True)
    rows = tuple(
        Estimate(name, *map(float, (value, error, lower, upper, p if test else np.nan)))
        for name, value, error, lower, upper, p in numbers
    )
    return Estimates(title, level, rows, notes=tuple(notes))
