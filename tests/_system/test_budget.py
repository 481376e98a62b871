"""What is in memory at the same time fits in the limit."""

import pytest

from glove_sklearn._system.budget import STAGES


@pytest.mark.parametrize("stage", STAGES)
def test_the_fractions_of_a_stage_leave_something(stage):
    assert sum(STAGES[stage]) <= 7 / 8
