"""From vectors to two dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np

#: Reducers that have a name.
LAYOUTS = ("pca", "tsne")
#: Of t-SNE, where there are enough points for it: scikit-learn's default.
_PERPLEXITY = 30.0


def two_dimensions(vectors: np.ndarray, reducer: Any) -> tuple[np.ndarray, tuple[str, str] | None]:
    """Reduce vectors to two dimensions.

    Parameters
    ----------
    vectors : ndarray of shape (n, d)
    reducer : {"pca", "tsne"} or object with a method `fit_transform`
        With ``"tsne"``, the perplexity is 30, or a third of the other points if that is less.

    Returns
    -------
    coordinates : ndarray of shape (n, 2), float64
    axis_names : tuple of two str, or None
        What the axes are, where that is known.

    Raises
    ------
    TypeError
        If `reducer` is neither a name nor has a method `fit_transform`.
    ValueError
        If there is no such name, there are too few vectors, or the reducer does not return two finite coordinates for each.
    """
    from sklearn.decomposition import PCA  # which takes longer to import than all else
    from sklearn.manifold import TSNE

    n = len(vectors)
    if n < 2:
        raise ValueError(f"a map needs at least 2 points, got {n}.")
    if isinstance(reducer, str):
        if reducer not in LAYOUTS:
            raise ValueError(
                f"reducer must be 'pca', 'tsne' or an object with a method fit_transform, got {reducer!r}."
            )
        if vectors.shape[1] < 2:
            raise ValueError("a map needs vectors of at least 2 values, got 1.")
        if reducer == "tsne" and (vectors != vectors[0]).any():  # scikit-learn's crashes where all are equal
            reducer = TSNE(perplexity=min(_PERPLEXITY, (n - 1) / 3), init="pca", random_state=0)
        else:
            reducer = PCA(n_components=2, svd_solver="full")
    if not hasattr(reducer, "fit_transform"):
        raise TypeError(
            f"reducer must be 'pca', 'tsne' or an object with a method fit_transform, got {reducer!r:.200}."
        )
    with np.errstate(divide="ignore", invalid="ignore"):  # equal vectors have no variance to divide by
        coordinates = np.asarray(reducer.fit_transform(vectors), dtype=np.float64)
    if coordinates.shape != (n, 2):
        raise ValueError(
            f"reducer must return an array of shape ({n}, 2), got {coordinates.shape}; set its n_components=2."
        )
    if not np.isfinite(coordinates).all():
        raise ValueError("the coordinates that reducer returned must be finite, got NaN or infinity.")
    variances = getattr(reducer, "explained_variance_ratio_", None)
    if variances is None:
        return coordinates, None
    first, second = (
        f"{which} principal component ({variance:.0%} of the variance)"
        for which, variance in zip(("first", "second"), np.nan_to_num(variances), strict=True)
    )
    return coordinates, (first, second)
