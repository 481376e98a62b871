"""Which words made a document's vector, and a prediction from it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sized
from dataclasses import dataclass
from typing import Any

import numpy as np
from sklearn.base import is_regressor
from sklearn.pipeline import Pipeline
from sklearn.utils.validation import check_is_fitted

from glove_sklearn._embedding.frames import import_for_frames
from glove_sklearn._system.wording import all_or_some

__all__ = ["WordContributions", "word_contributions"]

#: Words that are printed.
_N_SHOWN = 20


@dataclass(frozen=True)
class WordContributions:
    """What each word of a document adds to a prediction, or to the document's vector.

    Attributes
    ----------
    words : list of str
        The known words of the document, by falling size of their contributions.
    counts : ndarray of shape (n_words,), int64
        How often each of them occurs in the document.
    contributions : ndarray of shape (n_words,), float64
        Of all its occurrences together. They add up to ``prediction - baseline``.
    baseline : float
        The prediction for a document without known words.
    prediction : float
        The prediction for the document.
    target : object
        What is predicted: a class, "prediction" for a regressor, or "vector" for a vectorizer alone.
    """

    words: list[str]
    counts: np.ndarray
    contributions: np.ndarray
    baseline: float
    prediction: float
    target: Any

    def to_frame(self) -> Any:
        """Return a pandas.DataFrame with the words as index and columns "count" and "contribution".

        Raises
        ------
        ImportError
            If pandas is not installed.
        """
        pandas = import_for_frames("pandas")
        return pandas.DataFrame(
            {"count": self.counts, "contribution": self.contributions},
            index=pandas.Index(self.words, dtype=object, name="word"),
        )

    def __str__(self) -> str:
        width = max([len(word) for word in self.words[:_N_SHOWN]], default=0)
        width = max(width, len("other words"))
        lines = [f"{self.target!s}: {self.prediction:.4f}, of which {self.baseline:.4f} without any word"]
        shown = zip(self.words, self.contributions, self.counts, strict=True)
        lines += [f"  {word:<{width}}  {value:+.4f}  x {count}" for word, value, count in list(shown)[:_N_SHOWN]]
        if len(self.words) > _N_SHOWN:
            lines.append(f"  {'other words':<{width}}  {self.contributions[_N_SHOWN:].sum():+.4f}")
        return "\n".join(lines)


def word_contributions(estimator: Any, document: Any, *, target: Any = None) -> WordContributions:
    """Say what each word of a document adds to a linear model's prediction, or to the document's vector.

    The vector of a document is a sum of terms, one for each of its words, unless ``pooling="max"``. A linear model on top of it
    maps each term to a number, and these numbers add up to the prediction. Nothing is approximated.

    Parameters
    ----------
    estimator : Pipeline or vectorizer
        Fitted. A Pipeline of a vectorizer of this package and steps that are together affine, such as a `StandardScaler` and a
        `LogisticRegression` or a `Ridge`. For a vectorizer alone, the contribution of a word is its share of the document's
        vector: the projection of its term onto the vector, relative to the vector's length.
    document : str, or whatever the vectorizer takes
        One document.
    target : object or None, default=None
        The class, for a classifier with more than two of them, or the index of the output of a regressor with several; None for
        the class that is predicted, or the first output. Of two classes, positive numbers always speak for the second.

    Returns
    -------
    WordContributions
        In the unit of `decision_function` (log-odds for a `LogisticRegression` with two classes), or of `predict` for a
        regressor.

    Raises
    ------
    NotFittedError
        If the estimator is not fitted.
    TypeError
        If the estimator does not begin with a vectorizer of this package, or its last step does not predict.
    ValueError
        If ``pooling="max"``, the steps after the vectorizer are not affine, or there is no such target.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from glove_sklearn import GloVeVectorizer
    >>> from glove_sklearn.inspection import word_contributions
    >>> documents = ["good fine film", "fine good plot", "bad dull film", "dull bad plot"]
    >>> model = make_pipeline(GloVeVectorizer(2, min_count=1, random_state=0), LogisticRegression())
    >>> model = model.fit(documents, ["pos", "pos", "neg", "neg"])
    >>> found = word_contributions(model, "a good film")
    >>> sorted(found.words)
    ['film', 'good']
    >>> bool(abs(found.baseline + found.contributions.sum() - found.prediction) < 1e-6)
    True
    """
    vectorizer, rest = estimator, None
    if isinstance(estimator, Pipeline):
        vectorizer, rest = estimator[0], estimator[1:]
    if not hasattr(vectorizer, "_terms_of"):
        raise TypeError(
            f"estimator must be a vectorizer of this package or a Pipeline that begins with one, got {vectorizer!r:.200}."
        )
    check_is_fitted(vectorizer)
    is_several = (
        isinstance(document, Sized)
        and not isinstance(document, (str, bytes, Mapping))
        and getattr(document, "ndim", 1) == 1
    )
    if is_several and vectorizer.analyzer == "word" and getattr(vectorizer, "preprocessor", None) is None:
        raise TypeError(
            f"document must be one document, a str, got {type(document).__name__}; give one of its documents."
        )
    words, counts, terms = vectorizer._terms_of(document)
    vector = terms.sum(axis=0)
    if rest is None:
        predict, name = _projection_on(vector), "vector"
    else:
        predict, name = _output(rest, vector, target)
    values = predict(np.vstack([np.zeros((1, len(vector))), vector[np.newaxis], terms]).astype(np.float32))
    baseline, prediction = float(values[0]), float(values[1])
    contributions = values[2:].astype(np.float64) - baseline
    scale = np.abs(contributions).sum() + abs(baseline) + abs(prediction)
    if abs(contributions.sum() + baseline - prediction) > 1e-3 * scale:
        raise ValueError(
            "the steps after the vectorizer must be affine, such as a scaler and a linear model, so that the contributions of "
            f"words add up to the prediction; those of this document add up to {contributions.sum() + baseline:.6g}, and the "
            f"prediction is {prediction:.6g}."
        )
    order = np.argsort(-np.abs(contributions), kind="stable")
    return WordContributions([words[i] for i in order], counts[order], contributions[order], baseline, prediction, name)


def _projection_on(vector: np.ndarray) -> Callable[[np.ndarray], np.ndarray]:
    """Return the function that gives 1 for a vector, 0 for what is orthogonal to it, and is linear."""
    squared = float(vector @ vector)
    return lambda rows: rows @ (vector / squared if squared else vector)


def _output(model: Pipeline, vector: np.ndarray, target: Any) -> tuple[Callable[[np.ndarray], np.ndarray], Any]:
    """Return the function whose value is explained, of rows of features, and what it predicts."""
    check_is_fitted(model[-1])
    if is_regressor(model):
        predict, names = model.predict, None
    elif hasattr(model, "decision_function"):
        predict, names = model.decision_function, model.classes_.tolist()
    else:
        raise TypeError(
            "the last step must be a regressor, or a classifier that has decision_function, such as LogisticRegression, got "
            f"{model[-1]!r:.200}."
        )
    values = np.asarray(predict(vector[np.newaxis].astype(np.float32)))
    if values.ndim == 1:
        if target is not None and (names is None or target != names[1]):
            raise ValueError(f"target must be None for a model with one output, got {target!r}.")
        return predict, "prediction" if names is None else names[1]
    if target is None:
        column = 0 if names is None else int(np.argmax(values[0]))
    elif target in (range(values.shape[1]) if names is None else names):
        column = target if names is None else names.index(target)
    else:
        known = f"0 to {values.shape[1] - 1}" if names is None else all_or_some(map(repr, names))
        raise ValueError(f"target must be one of {known}, got {target!r}.")
    return lambda rows: np.asarray(predict(rows))[:, column], column if names is None else names[column]
