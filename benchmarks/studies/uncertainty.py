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

from collections.abc import Iterator
from itertools import product
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
from glove_sklearn.uncertainty import WordUncertainty
from glove_sklearn.uncertainty.resampling import Refits

COMPETITORS = ()
OPTIONS: dict[str, dict[str, Any]] = {
    "n_splits": {"type": int, "metavar": "N", "help": "how often to deal the documents to two halves"},
    "n_replicates": {"type": int, "metavar": "N", "help": "fits of the bootstrap, and fits with other seeds"},
    "n_pairs": {"type": int, "metavar": "N", "help": "pairs of words of each frequency"},
    "noise": {"type": float, "metavar": "SD", "help": "standard deviations of the noise of log X at weight 1"},
    "n_words": {"type": int, "metavar": "N", "help": "words of synthetic X"},
    "half_components": {"type": int, "metavar": "D", "help": "dimension of the vectors of the halves"},
}
#: Words by their occurrences in the whole text.
_BANDS = ((5, 20), (20, 100), (100, 1000), (1000, 10**9))
#: Fraction of synthetic X that is there.
_DENSITY = 0.2


def run(
    setting: Setting,
    *,
    n_components: tuple[int, ...] = (20, 50),
    noise: tuple[float, ...] = (0.003, 0.03, 0.3),
    n_words: int = 2000,
    n_splits: int = 20,
    n_replicates: int = 10,
    n_pairs: int = 200,
    half_components: int = 50,
    n_jobs: int = 2,
) -> Iterator[Row]:
    if "glove-sklearn" not in setting.methods:
        return
    for d, level in product(n_components, noise):
        with Stopwatch() as watch:
            numbers = synthetic(n_words, d, level, seed=0)
        parameters = {"part": "synthetic X", "n_components": d, "noise": level, "n_words": n_words}
        yield Row("glove-sklearn", parameters, {**numbers, **watch.numbers()})
    with Stopwatch() as watch:
        rows = list(halves(setting, half_components, n_splits, n_replicates, n_pairs, n_jobs))
    for frequency, numbers in rows:
        parameters = {
            "part": "halves", "frequency": frequency, "n_components": half_components, "n_splits": n_splits,
            "n_replicates": n_replicates,
        }  # fmt: skip
        yield Row("glove-sklearn", parameters, {**numbers, **watch.numbers()})


def synthetic(n_words: int, d: int, noise: float, seed: int) -> dict[str, Any]:
    """Draw X from a model and return how often intervals hold the true cosines and components."""
    rng = np.random.default_rng(seed)
    words, contexts = (rng.normal(size=(n_words, d)) / d**0.25 for _ in range(2))
    word_biases, context_biases = rng.normal(size=(2, n_words))
    means = words @ contexts.T + word_biases[:, np.newaxis] + context_biases
    x_max, alpha = float(np.exp(np.quantile(means, 0.99))), 0.75
    weights = np.minimum(1, np.exp(alpha * (means - np.log(x_max))))
    x = np.exp(means + noise * rng.normal(size=means.shape) / np.sqrt(weights))
    X = sparse.csr_array(np.where(rng.random(x.shape) < _DENSITY, x, 0).astype(np.float32))
    sides = (array.astype(np.float32) for array in (words, word_biases, contexts, context_biases))
    model = RegressionModel(*sides, x_max=x_max, alpha=alpha, with_bias=True)
    terms = [str(row) for row in range(n_words)]
    uncertainty = WordUncertainty(terms, CsrRows(X), model, model.words, "word", center="least_squares")
    first, second = rng.permutation(n_words), rng.permutation(n_words)
    units = words / np.linalg.norm(words, axis=1, keepdims=True)
    truth = (units[first] * units[second]).sum(axis=1)
    estimates = uncertainty.similarities([(terms[a], terms[b]) for a, b in zip(first, second, strict=True) if a != b])
    truth = truth[first != second]
    held = [row.low <= value <= row.high for row, value in zip(estimates, truth, strict=True)]
    errors = np.sqrt([np.diag(uncertainty.covariance(term)) for term in terms])
    components = np.abs(uncertainty.vectors - words) <= 1.96 * errors
    return {
        "n_pairs": len(held), "held": 100 * float(np.mean(held)), "components_held": 100 * float(components.mean()),
    }  # fmt: skip


def halves(
    setting: Setting, d: int, n_splits: int, n_replicates: int, n_pairs: int, n_jobs: int
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Compare the cosines of two halves of the documents with their intervals, for each frequency."""
    rng = np.random.default_rng(0)
    with Storage() as storage:
        vectorizer = GloVeVectorizer(d, random_state=0)
        refits = Refits(vectorizer, iterate_documents(setting.corpus.path), n_jobs, storage)
        whole, _ = refits.fit()
        pairs, bands = _pairs(whole, n_pairs, rng)
        terms = refits.terms
        named = [(terms[a], terms[b]) for a, b in pairs]
        differences, errors, held, moved = [], [], [], []
        by_bootstrap: list[np.ndarray] = []
        by_seeds: list[np.ndarray] = []
        for split in range(n_splits):
            in_first = rng.permutation(np.arange(refits.n_documents) % 2)
            first, second = (refits.fit_uncertainty(repeats) for repeats in (in_first, 1 - in_first))
            one, other = (_columns(half.similarities(named)) for half in (first, second))
            differences.append(one["value"] - other["value"])
            errors.append(np.sqrt(one["standard_error"] ** 2 + other["standard_error"] ** 2))
            inside = (one["low"] <= other["value"]) & (other["value"] <= one["high"])
            held.append(np.where(np.isnan(errors[-1]), np.nan, inside))
            if split:
                continue
            moved = [_distance_to_least_squares(first, refits, in_first, [a for a, _ in pairs])]
            documents = np.flatnonzero(in_first)
            for replicate in range(n_replicates):
                drawn = np.bincount(rng.choice(documents, len(documents)), minlength=refits.n_documents)
                by_bootstrap.append(_cosines(refits.fit(drawn)[0].vectors, pairs))
                by_seeds.append(_cosines(refits.fit(in_first, seed=1 + replicate)[0].vectors, pairs))
    spread = {
        name: np.sqrt(2) * np.std(fits, axis=0, ddof=1)
        for name, fits in (("bootstrap", by_bootstrap), ("seeds", by_seeds))
    }
    for band, (low, high) in enumerate(_BANDS):
        chosen = bands == band
        if not chosen.any():
            continue
        of_band = np.array(differences)[:, chosen]
        numbers = {
            "n_pairs": int(chosen.sum()),
            "held": 100 * float(np.nanmean(np.array(held)[:, chosen])),
            "standard_error": float(np.nanmedian(np.array(errors)[:, chosen]) / np.sqrt(2)),
            "factor": _root_mean_square(of_band / np.array(errors)[:, chosen]),
            "factor_of_bootstrap": _root_mean_square(of_band) / _root_mean_square(spread["bootstrap"][chosen]),
            "factor_of_seeds": _root_mean_square(of_band) / _root_mean_square(spread["seeds"][chosen]),
            "moved": _root_mean_square(np.array(moved)[:, chosen]),
        }
        yield f"{low} to {high - 1}" if high < 10**9 else f"from {low}", numbers


def _pairs(whole: Any, n_pairs: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Choose pairs of words of each band, half of them random, half of them neighbours; with the band of each."""
    pairs, bands = [], []
    units = whole.vectors / np.maximum(np.linalg.norm(whole.vectors, axis=1, keepdims=True), 1e-30)
    for band, (low, high) in enumerate(_BANDS):
        words = np.flatnonzero((whole.counts >= low) & (whole.counts < high))
        if len(words) < 4:
            continue
        for index, word in enumerate(rng.choice(words, min(n_pairs, len(words)), replace=False)):
            others = words[words != word]
            partner = rng.choice(others) if index % 2 else others[np.argmax(units[others] @ units[word])]
            pairs.append((int(word), int(partner)))
            bands.append(band)
    return np.array(pairs), np.array(bands)


def _columns(estimates: Any) -> dict[str, np.ndarray]:
    return {
        name: np.array([getattr(row, name) for row in estimates]) for name in ("value", "standard_error", "low", "high")
    }


def _cosines(vectors: np.ndarray, pairs: np.ndarray) -> np.ndarray:
    units = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return (units[pairs[:, 0]] * units[pairs[:, 1]]).sum(axis=1)


def _distance_to_least_squares(
    fitted: WordUncertainty, refits: Refits, repeats: np.ndarray, rows: list[int]
) -> np.ndarray:
    """Return how far fitted vectors are from the least squares solution, in standard errors of a component."""
    solved = refits.fit_uncertainty(repeats, center="least_squares")
    distances = np.full(len(rows), np.nan)
    for index, row in enumerate(rows):
        covariance = fitted.covariance(refits.terms[row])
        if not np.isnan(covariance).any():
            step = solved.vectors[row] - fitted.vectors[row]
            distances[index] = np.sqrt(step @ np.linalg.pinv(covariance) @ step / len(step))
    return distances


def _root_mean_square(numbers: np.ndarray) -> float:
    known = numbers[np.isfinite(numbers)]
    return float(np.sqrt(np.square(known).mean())) if len(known) else 0.0
