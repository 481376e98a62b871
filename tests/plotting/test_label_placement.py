"""Where labels go."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from glove_sklearn.plotting.label_placement import place_labels

FRAME = np.array([0.0, 0.0, 300.0, 200.0])
NO_SEGMENTS = np.empty((0, 2, 2))


def boxes(corners, sizes):
    placed = np.isfinite(corners[:, 0])
    return np.concatenate([corners[placed], corners[placed] + sizes[placed]], axis=1)


def n_overlaps(boxes):
    return sum(
        a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
        for index, a in enumerate(boxes)
        for b in boxes[:index]
    )


@given(
    st.lists(
        st.tuples(st.floats(0, 300), st.floats(0, 200), st.floats(1, 120), st.floats(5, 20)), min_size=1, max_size=40
    )
)
def test_labels_neither_overlap_nor_leave_the_frame(labels):
    labels = np.array(labels)
    points, sizes = labels[:, :2], labels[:, 2:]
    corners, _ = place_labels(points, sizes, FRAME, gap=4, segments=NO_SEGMENTS)
    placed = boxes(corners, sizes)
    assert n_overlaps(placed) == 0
    assert (placed[:, :2] >= FRAME[:2]).all()
    assert (placed[:, 2:] <= FRAME[2:]).all()


def test_a_lone_label_is_on_the_right_and_on_the_left_at_the_right_edge():
    sizes = np.array([[40.0, 10.0]])
    for x, corner in ((100.0, 104.0), (290.0, 246.0)):
        corners, led = place_labels(np.array([[x, 100.0]]), sizes, FRAME, gap=4, segments=NO_SEGMENTS)
        np.testing.assert_allclose(corners, [[corner, 95.0]])
        assert not led.any()


def test_what_has_no_room_is_left_out_and_the_first_come_first():
    points, sizes = np.full((300, 2), 100.0), np.tile([60.0, 12.0], (300, 1))
    corners, led = place_labels(points, sizes, FRAME, gap=4, segments=NO_SEGMENTS)
    placed = np.isfinite(corners[:, 0])
    assert 4 < placed.sum() < 60
    assert placed[:4].all()
    assert led[placed].any()
    assert not led[~placed].any()


def test_labels_avoid_points_and_lines():
    points = np.array([[100.0, 100.0], [125.0, 100.0], [60.0, 100.0]])
    sizes = np.array([[40.0, 10.0], [0.0, 0.0], [0.0, 0.0]])
    above = np.array([[[80.0, 112.0], [140.0, 112.0]]])
    corners, _ = place_labels(points, sizes, FRAME, gap=4, segments=above)
    (left, lower, right, upper), *_ = boxes(corners[:1], sizes[:1])
    for x, y in points:
        assert not (left < x < right and lower < y < upper)
    assert not lower < 112 < upper or right < 80 or left > 140
    assert np.isnan(corners[1:]).all()


@pytest.mark.parametrize("seed", range(5))
def test_no_point_is_covered_while_there_is_room(seed):
    points = np.random.default_rng(seed).normal(size=(60, 2)) * [150, 90] + [300, 200]
    sizes, frame = np.tile([40.0, 10.0], (60, 1)), np.array([0.0, 0.0, 600.0, 400.0])
    corners, _ = place_labels(points, sizes, frame, gap=4, segments=NO_SEGMENTS)
    placed = boxes(corners, sizes)[:, np.newaxis]
    assert len(placed) > 55
    assert not ((placed[..., :2] < points) & (points < placed[..., 2:])).all(axis=2).any()
