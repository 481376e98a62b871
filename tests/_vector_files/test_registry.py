"""Whatever names the formats agrees with the registry."""

import re

import pytest

from glove_sklearn import formats
from glove_sklearn._vector_files.registry import DETECTED, FORMAT_OF_SUFFIX, REGISTRY
from glove_sklearn.cli.queries import convert
from glove_sklearn.formats import FORMATS, load_vectors, save_vectors


def test_the_table_of_the_docstring_lists_all_formats():
    table = re.findall(r'^"([\w-]+)" +\S', formats.__doc__, flags=re.MULTILINE)
    assert tuple(table) == FORMATS


@pytest.mark.parametrize(
    ("function", "names"),
    [
        (load_vectors, set(FORMATS)),
        (save_vectors, {name for name, format in REGISTRY.items() if format.write is not None}),
    ],
)
def test_docstrings_list_the_formats_that_a_function_takes(function, names):
    listed = re.search(r"format : \{(.*?)\}", function.__doc__, flags=re.DOTALL)[1]
    assert set(re.findall(r'"([\w-]+)"', listed)) == names


def test_the_help_of_convert_lists_all_formats_with_their_extensions():
    for format in REGISTRY.values():
        line = next(line for line in convert.help.splitlines() if line.split()[:1] == [format.name])
        assert format.summary in line
        assert all(suffix in line for suffix in format.suffixes)


def test_only_formats_that_are_written_have_extensions_and_no_two_have_the_same():
    for format in REGISTRY.values():
        assert format.write is not None or not format.suffixes
    assert sum(len(format.suffixes) for format in REGISTRY.values()) == len(FORMAT_OF_SUFFIX)


def test_a_format_that_is_not_detected_says_so():
    assert {name for name, format in REGISTRY.items() if "never detected" in format.summary} == set(FORMATS) - {
        format.name for format in DETECTED
    }
