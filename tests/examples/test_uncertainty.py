"""The example of uncertainty: what one fit finds does not always survive its error bars, or other documents."""

import importlib.util
import re
from pathlib import Path

import pytest

EXAMPLE = Path(__file__).resolve().parents[2] / "examples" / "uncertainty.py"


@pytest.mark.long
def test_one_claim_survives_and_others_do_not(capsys):
    if not EXAMPLE.exists():
        pytest.skip("the examples are not next to the tests")
    pytest.importorskip("gensim")
    spec = importlib.util.spec_from_file_location("uncertainty_example", EXAMPLE)
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    example.main()
    verdicts = re.findall(
        r"given the contexts it (holds|does not hold) .*; by the bootstrap it (.*) \(", capsys.readouterr().out
    )
    assert verdicts == [("holds", "holds"), ("holds", "does not hold"), ("holds", "does not hold")]
