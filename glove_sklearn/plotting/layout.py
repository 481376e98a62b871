"""From vectors to two dimensions."""

from __future__ import annotations

from typing import Any

import numpy as np
from sklearn.decomposition import PCA


def two_dimensions(vectors: np.ndarray, reducer: Any) -> tuple[np.ndarray, tuple[str, str] | None]:
    """Reduce vectors to two dimensions.

    Parameters
    ----------
    vectors : ndarray of shape (n, d)
    reducer : object with a method `fit_transform`, or None
        None for a principal component analysis.

    Returns
    -------
    coordinates : ndarray of shape (n, 2), float64
    axis_names : tuple of two str, or None
        What the axes are, where that is known.

    Raises
    ------
    TypeError
        If `reducer` has no method `fit_transform`.
    ValueError
        If there are too few vectors, or the reducer does not return two finite coordinates for each.
    """
    if len(vectors) < 2:
        raise ValueError(f"a map needs at least 2 points, got {len(vectors)}.")
    if reducer is None:
        if vectors.shape[1] < 2:
            raise ValueError("a map needs vectors of at least 2 values, got 1.")
        reducer = PCA(n_components=2, svd_solver="full")
    elif not hasattr(reducer, "fit_transform"):
        raise TypeError(
            f"reducer must have a method fit_transform, such as sklearn.manifold.TSNE(), got {reducer!r:.200}."
        )
    with np.errstate(divide="ignore", invalid="ignore"):  # equal vectors have no variance to divide by
        coordinates = np.asarray(reducer.fit_transform(vectors), dtype=np.float64)
    if coordinates.shape != (len(vectors), 2):
        raise ValueError(
            f"reducer must return an array of shape ({len(vectors)}, 2), got {coordinates.shape}; set its n_components=2."
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
