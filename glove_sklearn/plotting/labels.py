"""Labels of points as an artist of matplotlib, which this module imports: displays import it when they draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.backend_bases import RendererBase
from matplotlib.text import Annotation, Text

from glove_sklearn.plotting.label_placement import place_labels

#: Free space beside a label, so that two do not read as a phrase, and above and below it, in points of 1/72 inch.
_PADDING = np.array([3.0, 1.0])


class PointLabels(Artist):
    """Labels of points that do not cover each other.

    They are placed whenever the figure is drawn, because only then is it known how large the axes are: after a change of size or
    of resolution, after zooming, and once the layout has made room for titles. A label for which there is no room is not drawn.

    Parameters
    ----------
    ax : Axes
    points : ndarray of shape (n, 2)
        In data coordinates.
    words : sequence of str
    radius : float
        Of the points, in points of 1/72 inch.
    segments : ndarray of shape (n_segments, 2, 2)
        Lines that labels should not cover, in data coordinates.
    style : dict
        Of the text.

    Attributes
    ----------
    texts : list of Annotation
    """

    def __init__(
        self,
        ax: Axes,
        points: np.ndarray,
        words: Sequence[str],
        *,
        radius: float,
        segments: np.ndarray,
        style: dict[str, Any],
    ) -> None:
        super().__init__()
        self._points, self._segments, self._radius = points, segments, radius
        line = {"arrowstyle": "-", "color": "0.5", "linewidth": 0.6, "shrinkA": 0, "shrinkB": radius}
        self.texts: list[Annotation] = []
        for point, word in zip(points, words, strict=True):
            text = ax.annotate(
                word, point, (0, 0), textcoords="offset points", ha="left", va="bottom", annotation_clip=True,
                parse_math=False, arrowprops={**line, "relpos": (0.5, 0.5)}, **style,
            )  # fmt: skip
            text.set_in_layout(False)
            self.texts.append(text)
        self.set_in_layout(False)
        self.set_zorder(-1)  # before the texts
        ax.add_artist(self)

    def draw(self, renderer: RendererBase) -> None:
        """Place the labels; they draw themselves afterwards."""
        ax = self.axes
        assert ax is not None
        pixels = ax.figure.dpi / 72
        sizes = np.zeros((len(self.texts), 2))
        points = ax.transData.transform(self._points)
        frame = np.array(ax.bbox.extents)
        is_inside = (points >= frame[:2]).all(axis=1) & (points <= frame[2:]).all(axis=1)
        for index in np.flatnonzero(is_inside):
            self.texts[index].set_visible(True)  # invisible texts have no size
            extent = Text.get_window_extent(self.texts[index], renderer)
            sizes[index] = extent.width, extent.height
        sizes[is_inside] += 2 * _PADDING * pixels
        segments = ax.transData.transform(self._segments.reshape(-1, 2)).reshape(-1, 2, 2)
        # What leads far outside is of no use, and would be sampled for long.
        segments = np.clip(segments, frame[:2] - 100, frame[2:] + 100)
        corners, led = place_labels(points, sizes, frame, gap=self._radius * pixels, segments=segments)
        for text, point, corner, is_led in zip(self.texts, points, corners, led, strict=True):
            text.set_visible(bool(np.isfinite(corner[0])))
            if text.get_visible():
                text.set_position(tuple((corner - point) / pixels + _PADDING))
                assert text.arrow_patch is not None
                text.arrow_patch.set_visible(bool(is_led))
        self.stale = False
