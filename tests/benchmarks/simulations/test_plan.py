"""The plan for a large text: it agrees with what was measured, and is consistent."""

import pytest

from benchmarks.simulations import plan


def test_sizes_are_those_that_were_measured():
    for high in (False, True):
        n_tokens, n_entries = plan.GROWTH[-1]
        assert plan.n_entries(n_tokens, high=high) == pytest.approx(n_entries)
    assert plan.n_terms(plan.GROWTH[-1][0]) == pytest.approx(plan.N_TERMS)


def test_low_is_less_than_high_and_both_grow_slower_than_the_text():
    before = plan.GROWTH[-1]
    for n_tokens in (1e8, 1e10, 1e12):
        low, high = (plan.n_entries(n_tokens, high=high) for high in (False, True))
        assert before[1] < low < high < before[1] * n_tokens / before[0]


def test_the_high_estimate_is_a_power():
    assert plan.n_entries(4e9, high=True) / plan.n_entries(1e9, high=True) == pytest.approx(
        4 ** plan.slopes()[-1], rel=0.01
    )


@pytest.mark.parametrize("machines", plan.CLUSTERS, ids=str)
def test_every_stage_takes_time(machines):
    for stage in plan.stages(plan.TEXT, machines, high=True):
        assert max(stage.hours(machines).values()) > 0


def test_nothing_overflows():
    lines = [line for line in plan.rows_of_limits() if line["fraction"]]
    assert len(lines) == 6
    assert all(float(line["fraction"].rstrip("%")) < 100 for line in lines)


def test_all_tables_are_printed(capsys):
    plan.main()
    printed = capsys.readouterr().out
    assert printed.count("|---|") >= 5
    assert "nan" not in printed
