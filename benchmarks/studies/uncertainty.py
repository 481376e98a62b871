"""Do confidence intervals hold what they should? On X that is drawn from the model, and on halves of a text.

Synthetic X: given the context vectors, the intervals of GloVe-V should hold the true cosines in 95 % of all cases. The noise
of log X has a standard deviation of noise / sqrt(f). The weights of the regression are those of X with its noise, so that what
is too large by chance counts for more: a bias that grows with the noise, in units of the standard error.

Halves: documents are dealt to two halves at random, again and again, and a model is fitted on each. If the standard errors of a
cosine were right, those of both halves together would explain how far the two cosines are apart, and the interval of one half
would hold the cosine of the other in 83 % of all cases (not 95 %, because the other is an estimate, too). The factor is the root
mean square of the difference in units of its standard error: 1 is right, and 2 means that intervals should be twice as wide. The
same is asked of the bootstrap of one half's documents, and of fits with other seeds. Pairs of words are half of them random, and
half of them nearest neighbours in a fit on the whole text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from benchmarks.harness.corpora import iterate_documents
from benchmarks.harness.measure import Stopwatch
from benchmarks.harness.results import Row
from benchmarks.harness.settings import Setting
from glove_sklearn import GloVeVectorizer
from glove_sklearn._counting.row_store import CsrRows
from glove_sklearn._system.storage import Storage
from glove_sklearn._variance.factors import RegressionModel
from glove_sklearn.formats import WordVectors
from glove_sklearn.uncertainty import WordUncertainty
from glove_sklearn.uncertainty.intervals import normal_intervals
from glove_sklearn.uncertainty.resampling import Refits, replicates

COMPETITORS = ()
OPTIONS: dict[str, dict[str, Any]] = {
    "parts": {"choices": ("synthetic", "halves"), "help": "what to measure"},
    "n_splits": {"type": int, "metavar": "N", "help": "how often to deal the documents to two halves"},
    "n_replicates": {"type": int, "metavar": "N", "help": "fits of the bootstrap; 0 for none"},
    "n_seeds": {"type": int, "metavar": "N", "help": "fits with other seeds; 0 for none"},
    "n_pairs": {"type": int, "metavar": "N", "help": "pairs of words of each frequency"},
    "noise": {"type": float, "metavar": "SD", "help": "standard deviations of the noise of log X at weight 1"},
    "n_words": {"type": int, "metavar": "N", "help": "words of synthetic X"},
    "half_components": {"type": int, "metavar": "D", "help": "dimension of the vectors of the halves"},
    "near_size": {"type": int, "metavar": "N", "help": "of the fits on halves; 0 for one context vector of each word"},
    "sample": {"type": float, "metavar": "F", "help": "of the fits on halves; 0 for X as it is counted"},
    "checkpoints": {
        "type": Path,
        "metavar": "FOLDER",
        "help": "where fits on halves are kept: the same command resumes after an interruption, and larger numbers add to them",
    },
}
#: Words by their occurrences in the whole text.
_ALL = 10**9
_BANDS = (
    (5, 10), (10, 30), (30, 100), (100, 300), (300, 1000), (1000, 3000), (3000, 10_000), (10_000, _ALL),
)  # fmt: skip
#: Fraction of synthetic X that is there.
_DENSITY = 0.2
#: How often words and contexts are solved for in turns.
_SWEEPS = 10


def run(
    setting: Setting,
    *,
    parts: tuple[str, ...] = ("synthetic", "halves"),
    n_components: tuple[int, ...] = (20, 50),
    noise: tuple[float, ...] = (0.003, 0.03, 0.3),
    n_words: int = 2000,
    n_splits: int = 20,
    n_replicates: int = 20,
    n_seeds: int = 8,
    n_pairs: int = 100,
    half_components: int = 50,
    near_size: int = 2,
    sample: float = 3e-4,
    checkpoints: Path | None = None,
    n_jobs: int = 2,
) -> Iterator[Row]:
    if "glove-sklearn" not in setting.methods:
        return
    for d, level in product(n_components, noise) if "synthetic" in parts else ():
        with Stopwatch() as watch:
            numbers = synthetic(n_words, d, level, seed=0)
        parameters = {"part": "synthetic X", "n_components": d, "noise": level, "n_words": n_words}
        yield Row("glove-sklearn", parameters, {**numbers, **watch.numbers()})
    if "halves" not in parts:
        return
    folder = setting.folder if checkpoints is None else checkpoints
    folder.mkdir(parents=True, exist_ok=True)
    with Stopwatch() as watch, Storage() as storage:
        vectorizer = GloVeVectorizer(half_components, near_size=near_size, sample=sample or None, random_state=0)
        refits = Refits(vectorizer, iterate_documents(setting.corpus.path), n_jobs, storage)
        rows = list(halves(Splits(refits, n_pairs, folder), n_splits, n_replicates, n_seeds))
    for frequency, numbers in rows:
        parameters = {
            "part": "halves", "frequency": frequency, "n_components": half_components, "near_size": near_size,
            "sample": sample, "n_splits": n_splits, "n_replicates": n_replicates, "n_of_seeds": n_seeds,
        }  # fmt: skip
        yield Row("glove-sklearn", parameters, {**numbers, **watch.numbers()})


def synthetic(n_words: int, d: int, noise: float, seed: int) -> dict[str, Any]:
    """Draw X from a model and return how often intervals hold the true cosines and components.

    Where everything is estimated, words and contexts are solved for in turns, from the true ones on. The model determines vectors
    only up to a linear map, so the true vectors are mapped as near as possible to the estimates before their cosines are taken.
    """
    rng = np.random.default_rng(seed)
    words, contexts = (rng.normal(size=(n_words, d)) / d**0.25 for _ in range(2))
    word_biases, context_biases = rng.normal(size=(2, n_words))
    means = words @ contexts.T + word_biases[:, np.newaxis] + context_biases
    x_max, alpha = float(np.exp(np.quantile(means, 0.99))), 0.75
    weights = np.minimum(1, np.exp(alpha * (means - np.log(x_max))))
    x = np.exp(means + noise * rng.normal(size=means.shape) / np.sqrt(weights))
    X = sparse.csr_array(np.where(rng.random(x.shape) < _DENSITY, x, 0).astype(np.float32))
    terms = [str(row) for row in range(n_words)]
    first, second = rng.permutation(n_words), rng.permutation(n_words)
    first, second = first[first != second], second[first != second]

    sides = (array.astype(np.float32) for array in (words, word_biases, contexts, context_biases))
    model = RegressionModel(*sides, x_max=x_max, alpha=alpha, with_bias=True)

    def solve(X: sparse.csr_array, model: RegressionModel) -> WordUncertainty:
        return WordUncertainty(terms, CsrRows(X), model, model.words, "word", center="least_squares")

    known = solve(X, model)
    errors = np.sqrt([np.diag(known.covariance(term)) for term in terms])
    components = np.abs(known.vectors - words) <= 1.96 * errors

    both, mirrored = model._replace(with_bias=False), sparse.csr_array(X.T)
    for _ in range(_SWEEPS):
        found = solve(X, both).vectors.astype(np.float32)
        exchanged = RegressionModel(
            both.contexts, both.context_biases, found, both.word_biases, both.x_max, both.alpha, False
        )
        both = both._replace(words=found, contexts=solve(mirrored, exchanged).vectors.astype(np.float32))
    estimated = solve(X, both)
    nearest = words @ np.linalg.lstsq(words, estimated.vectors, rcond=None)[0]
    return {
        "n_pairs": len(first),
        "held": _held(known, words, first, second),
        "components_held": 100 * float(components.mean()),
        "held_by_estimates": _held(estimated, nearest, first, second),
    }


def _held(uncertainty: WordUncertainty, vectors: np.ndarray, first: np.ndarray, second: np.ndarray) -> float:
    """Return how often intervals hold the cosines of the true vectors, as a percentage."""
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    truth = (units[first] * units[second]).sum(axis=1)
    names = uncertainty.terms
    estimates = uncertainty.similarities([(names[a], names[b]) for a, b in zip(first, second, strict=True)])
    return 100 * float(np.mean([row.low <= value <= row.high for row, value in zip(estimates, truth, strict=True)]))


class Splits:
    """Halves of the documents, and fits on them.

    Parameters
    ----------
    refits : Refits
    n_pairs : int
        Pairs of words of each frequency.
    checkpoints : Path
        Folder of what has been computed so far.
    """

    def __init__(self, refits: Refits, n_pairs: int, checkpoints: Path) -> None:
        self._refits, self._checkpoints = refits, checkpoints
        self._identity = {"n_pairs": n_pairs, **refits.identity()}
        (chosen,) = self._kept(
            "pairs", lambda _: np.ravel(_pairs(refits.fit()[0], n_pairs, np.random.default_rng(0))), 1
        )
        *pairs, self.bands = chosen.astype(int).reshape(3, -1)
        self.pairs = np.transpose(pairs)

    def values(self, n_splits: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Split the documents this often.

        Returns
        -------
        cosines : ndarray of shape (n_splits, 2, n_pairs)
            In both halves; NaN where a half lacks a word.
        errors : ndarray of shape (n_splits, 2, n_pairs)
            Their standard errors.
        moved : ndarray of shape (n_splits, n_pairs)
            How far the first word of the pair is from the least squares solution, in standard errors.
        """

        def split(index: int) -> np.ndarray:
            first = self._half(index)
            numbers = []
            for repeats in (first, 1 - first):
                fit = self._refits.fit_uncertainty(repeats)
                estimates = fit.similarities(self._named)
                lacking = np.array([min(map(fit.n_entries, pair)) == 0 for pair in self._named])
                numbers += [
                    np.where(lacking, np.nan, [row.value for row in estimates]),
                    [row.standard_error for row in estimates],
                ]
            return np.ravel([*numbers, [fit.distance_to_least_squares(word) for word, _ in self._named]])

        splits = self._kept("splits", split, n_splits).reshape(n_splits, 5, -1)
        return splits[:, (0, 2)], splits[:, (1, 3)], splits[:, 4]

    def bootstrap(self, n_replicates: int) -> np.ndarray:
        """Fit on documents that are drawn from a half: cosines of shape (n_replicates, n_pairs)."""
        documents = np.flatnonzero(self._half(0))

        def replicate(index: int) -> np.ndarray:
            drawn = np.random.default_rng((2, index)).choice(documents, len(documents))
            return self._cosines(self._refits.fit(np.bincount(drawn, minlength=self._refits.n_documents))[0])

        return self._kept("bootstrap", replicate, n_replicates)

    def seeds(self, n_seeds: int) -> np.ndarray:
        """Fit on a half with other seeds: cosines of shape (n_seeds, n_pairs)."""
        half = self._half(0)
        counts = cache(lambda: self._refits.count(half))
        return self._kept("seeds", lambda index: self._cosines(self._refits.fit(half, 1 + index, counts())[0]), n_seeds)

    def _half(self, split: int) -> np.ndarray:
        """How often each document is in the first half: once or never."""
        return np.random.default_rng((1, split)).permutation(np.arange(self._refits.n_documents) % 2)

    @property
    def _named(self) -> list[tuple[str, str]]:
        return [(self._refits.terms[first], self._refits.terms[second]) for first, second in self.pairs]

    def _cosines(self, words: WordVectors) -> np.ndarray:
        units = words.vectors / np.linalg.norm(words.vectors, axis=1, keepdims=True)
        return (units[self.pairs[:, 0]] * units[self.pairs[:, 1]]).sum(axis=1)

    def _kept(self, name: str, compute: Callable[[int], np.ndarray], n: int) -> np.ndarray:
        identity = {"kind": name, **self._identity}
        return replicates(compute, n, identity, self._checkpoints / f"{name}.json", 1)


def halves(splits: Splits, n_splits: int, n_replicates: int, n_seeds: int) -> Iterator[tuple[str, dict[str, Any]]]:
    """Compare the cosines of two halves of the documents with their intervals, for each frequency."""
    cosines, errors_of_halves, moved = splits.values(n_splits)
    differences, errors = cosines[:, 0] - cosines[:, 1], np.sqrt(np.square(errors_of_halves).sum(axis=1))
    one, other = cosines[:, 0], cosines[:, 1]
    low, high, _ = normal_intervals(one, errors_of_halves[:, 0], 0.95, np.ones(one.shape))
    held = np.where(np.isnan(errors + differences), np.nan, (low <= other) & (other <= high))
    spread = {}
    if n_replicates:
        spread["factor_of_bootstrap"] = np.sqrt(2) * _standard_deviations(splits.bootstrap(n_replicates))
    if n_seeds:
        spread["factor_of_seeds"] = np.sqrt(2) * _standard_deviations(splits.seeds(n_seeds))
    for band, (low, high) in enumerate(_BANDS):
        chosen = splits.bands == band
        known = np.isfinite([(differences / errors).sum(axis=0), *spread.values()]).all(axis=0)
        if not (chosen & known).any():
            continue
        of_band = differences[:, chosen]
        numbers = {
            "n_pairs": int(chosen.sum()),
            "held": 100 * float(np.mean(_known(held[:, chosen]))),
            "standard_error": float(np.median(_known(errors[:, chosen])) / np.sqrt(2)),
            "factor": _root_mean_square(of_band / errors[:, chosen]),
            **{
                name: _root_mean_square(of_band) / _root_mean_square(deviations[chosen])
                for name, deviations in spread.items()
            },
            "moved": _root_mean_square(moved[:, chosen]),
        }
        yield f"{low:,} to {high - 1:,}" if high < _ALL else f"from {low:,}", numbers


def _pairs(whole: WordVectors, n_pairs: int, rng: np.random.Generator) -> list[np.ndarray]:
    """Choose pairs of words of each band, half of them random, half of them neighbours: first words, second words, bands."""
    pairs = []
    units = whole.vectors / np.maximum(np.linalg.norm(whole.vectors, axis=1, keepdims=True), 1e-30)
    for band, (low, high) in enumerate(_BANDS):
        words = np.flatnonzero((whole.counts >= low) & (whole.counts < high))
        if len(words) < 4:
            continue
        for index, word in enumerate(rng.choice(words, min(n_pairs, len(words)), replace=False)):
            others = words[words != word]
            partner = rng.choice(others) if index % 2 else others[np.argmax(units[others] @ units[word])]
            pairs.append((int(word), int(partner), band))
    return list(np.transpose(pairs))


def _standard_deviations(fits: np.ndarray) -> np.ndarray:
    """Compute the standard deviation of each pair over the fits that know its words; NaN where fewer than two do."""
    enough = (~np.isnan(fits)).sum(axis=0) > 1
    deviations = np.full(fits.shape[1], np.nan)
    deviations[enough] = np.nanstd(fits[:, enough], axis=0, ddof=1)
    return deviations


def _root_mean_square(numbers: np.ndarray) -> float:
    return float(np.sqrt(np.square(_known(numbers)).mean()))


def _known(numbers: np.ndarray) -> np.ndarray:
    return numbers[np.isfinite(numbers)]
