"""Tables, DataFrames and figures of estimates."""

import math
import sys

import pytest

from glove_sklearn.uncertainty import Estimate, Estimates, SeedComparison


@pytest.fixture
def estimates():
    rows = (Estimate("a b", 0.5, 0.1, 0.3, 0.7), Estimate("difference", -0.25, math.nan, math.nan, math.nan, 0.00001))
    return Estimates("similarity", 0.95, rows, {"stability": (0.5, math.nan)}, ("a note",))


def test_print_as_a_table(estimates):
    assert str(estimates).splitlines() == [
        "similarity  estimate  std. error  95% interval                p  stability",
        "a b           0.5000      0.1000        0.3000  0.7000        -     0.5000",
        "difference   -0.2500           -             -       -  <0.0001          -",
        "a note",
    ]


def test_become_a_frame(estimates):
    pytest.importorskip("pandas")
    frame = estimates.to_frame()
    assert list(frame) == ["value", "standard_error", "low", "high", "p_value", "stability"]
    assert frame.loc["a b", "low"] == 0.3
    assert "p_value" not in Estimates("t", 0.9, estimates.rows[:1]).to_frame()


def test_draw_an_interval_for_each_estimate(estimates):
    pytest.importorskip("matplotlib").use("Agg")
    import matplotlib.pyplot as plt

    ax = estimates.plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a b", "difference"]
    assert list(ax.lines[0].get_xdata()) == [0.3, 0.7]
    assert list(ax.lines[1].get_xdata()) == [0.5]
    assert estimates.plot(ax) is ax
    plt.close(ax.figure)


def test_seeds_draw_similarities_and_overlaps(estimates):
    pytest.importorskip("matplotlib").use("Agg")
    import matplotlib.pyplot as plt

    overlaps = Estimates("overlap", 1.0, (Estimate("c", 0.6, 0.1, 0.5, 0.8),))
    ax = SeedComparison(estimates, overlaps).plot()
    assert [label.get_text() for label in ax.get_yticklabels()] == ["a b", "difference", "c"]
    assert [text.get_text() for text in ax.figure.legends[0].get_texts()] == [
        "similarity, 95% intervals",
        "overlap, smallest to largest",
    ]
    assert SeedComparison(estimates, Estimates("overlap", 1.0, ())).plot(ax) is ax
    plt.close(ax.figure)


def test_are_found_by_name_and_position(estimates):
    assert estimates["difference"] is estimates[1] is list(estimates)[1]
    assert len(estimates) == 2
    with pytest.raises(KeyError, match="no estimate is called 'c d'; there are 'a b', 'difference'"):
        estimates["c d"]


@pytest.mark.parametrize(("module", "method"), [("pandas", "to_frame"), ("matplotlib.pyplot", "plot")])
def test_missing_packages_are_named(estimates, monkeypatch, module, method):
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(ImportError, match=f"{method} needs {module.partition('.')[0]}: pip install"):
        getattr(estimates, method)()


def test_equal_estimates_may_have_values_that_are_nan():
    one, two = (Estimate("a", 1.0, float("nan"), 0.5, 1.5) for _ in range(2))
    assert one == two
    assert hash(one) == hash(two)
    assert one != Estimate("a", 1.0, 0.1, 0.5, 1.5)
    assert one != Estimate("b", 1.0, float("nan"), 0.5, 1.5)
    assert one != "a"
