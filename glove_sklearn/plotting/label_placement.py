"""Where labels of points go so that they do not cover each other: rectangles, without matplotlib."""

from __future__ import annotations

import numpy as np

#: Directions in which a label may lie from its point, the preferred ones first: right, left, above, below, then between them.
_ANGLES = np.deg2rad([0, 180, 90, 270, 45, 315, 135, 225, 22, 338, 158, 202, 67, 293, 113, 247])
#: Distances of a label from its point beyond the nearest one, in heights of a label.
_DISTANCES = (0.0, 0.6, 1.2, 2.0, 3.0)
#: From this distance on a line leads from the point to its label.
_LED = 0.6
#: What it costs to cover a point, which is more than any distance costs, and for a line to cross a label or a point.
_COVERED, _CROSSED = 10.0, 2.0
#: Each label is placed anew this many times, among the others.
_PASSES = 3


def place_labels(
    points: np.ndarray, sizes: np.ndarray, frame: np.ndarray, *, gap: float, segments: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Find a position for the label of each point, so that no two labels overlap.

    A label is tried in 16 directions and at growing distances; points and segments that it covers, and distance, count against
    a position. Labels for which there is no room get none. The first points come first.

    Parameters
    ----------
    points : ndarray of shape (n, 2), float64
    sizes : ndarray of shape (n, 2), float64
        Width and height of each label; a label without width is left out.
    frame : ndarray of shape (4,)
        Left, lower, right and upper limit of the labels.
    gap : float
        Distance between a point and the nearest position of its label.
    segments : ndarray of shape (n_segments, 2, 2)
        Ends of lines that labels should not cover.

    Returns
    -------
    corners : ndarray of shape (n, 2), float64
        Lower left corner of each label; NaN where there is no room.
    led : ndarray of shape (n,), bool
        Whether the label is so far away that a line should lead to it.
    """
    n = len(points)
    corners, led = np.full((n, 2), np.nan), np.zeros(n, dtype=bool)
    boxes = np.full((n, 4), np.nan)  # comparisons with NaN are false: what is not placed overlaps with nothing
    height = float(np.median(sizes[:, 1])) if n else 0.0
    discs, on_segments = _squares(points, 0.8 * gap), _squares(_sampled(segments, max(height / 3, 1.0)), 0)
    directions = np.stack([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1)
    distances = np.repeat(_DISTANCES, len(_ANGLES))
    shifts = np.tile(directions, (len(_DISTANCES), 1))
    dislike = 1.5 * distances + np.tile(np.linspace(0, 0.5, len(_ANGLES)), len(_DISTANCES))
    for _ in range(_PASSES):
        for index in np.flatnonzero(sizes[:, 0] > 0):
            point, size = points[index], sizes[index]
            boxes[index] = corners[index] = np.nan
            centres = point + shifts * ((gap + distances * height)[:, np.newaxis] + size / 2)
            candidates = np.concatenate([centres - size / 2, centres + size / 2], axis=1)
            within = (candidates[:, :2] >= frame[:2]).all(axis=1) & (candidates[:, 2:] <= frame[2:]).all(axis=1)
            reach = np.concatenate([candidates[:, :2].min(axis=0), candidates[:, 2:].max(axis=0)])[np.newaxis]
            others = boxes[_overlap(reach, boxes)[0]]
            is_free = within & ~_overlap(candidates, others).any(axis=1)
            if not is_free.any():
                continue
            near = _overlap(reach, discs)[0]
            near[index] = False
            cost = dislike + _COVERED * _overlap(candidates, discs[near]).sum(axis=1)
            cost += _overlap(candidates, on_segments[_overlap(reach, on_segments)[0]]).sum(axis=1)
            # A line from the point should not run under other labels or points.
            ends = np.clip(point, candidates[:, :2], candidates[:, 2:])
            along = point + np.linspace(0.1, 0.9, 6)[:, np.newaxis, np.newaxis] * (ends - point)
            crossed = _overlap(_squares(along.reshape(-1, 2), 0), np.concatenate([others, discs[near]])).any(axis=1)
            cost += _CROSSED * crossed.reshape(6, -1).sum(axis=0)
            best = int(np.argmin(np.where(is_free, cost, np.inf)))
            boxes[index], corners[index], led[index] = candidates[best], candidates[best, :2], distances[best] >= _LED
    return corners, led


def _squares(centres: np.ndarray, half: float) -> np.ndarray:
    return np.concatenate([centres - half, centres + half], axis=1)


def _overlap(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """Return which of two lists of rectangles (left, lower, right, upper) overlap, (n_first, n_second)."""
    a, b = first[:, np.newaxis], second[np.newaxis]
    return (a[..., 0] < b[..., 2]) & (b[..., 0] < a[..., 2]) & (a[..., 1] < b[..., 3]) & (b[..., 1] < a[..., 3])


def _sampled(segments: np.ndarray, step: float) -> np.ndarray:
    """Return points along segments, (n_points, 2), about `step` apart."""
    parts = [np.empty((0, 2))]
    for start, end in segments:
        n = int(np.clip(np.hypot(*(end - start)) / step, 1, 1000))
        parts.append(start + np.linspace(0, 1, n + 1)[:, np.newaxis] * (end - start))
    return np.concatenate(parts)
