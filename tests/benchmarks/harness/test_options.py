"""Options follow from the signature of ``run``."""

from argparse import ArgumentParser

from benchmarks.harness.options import add_options


def run(setting, *, n_components: tuple[int, ...] = (50, 100), n_jobs: int = 2, data_home=None, colour: str = "red"):
    """Nothing."""


def test_options_have_the_defaults_and_the_arity_of_the_signature():
    parser = ArgumentParser()
    add_options(parser, run, {"colour": {"choices": ("red", "blue"), "help": "of the wall"}})
    defaults = {"n_components": (50, 100), "n_jobs": 2, "data_home": None, "colour": "red"}
    assert vars(parser.parse_args([])) == defaults
    assert vars(parser.parse_args(["--n-components", "5", "6", "--n-jobs", "1", "--colour", "blue"])) == {
        **defaults, "n_components": [5, 6], "n_jobs": 1, "colour": "blue"
    }  # fmt: skip
    shown = " ".join(parser.format_help().split())
    assert "dimension of the vectors; default: 50 100" in shown
    assert "of the wall; default: red" in shown
