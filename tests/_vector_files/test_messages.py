"""Values from files appear in messages, shortened."""

import pytest

from glove_sklearn._vector_files.messages import shown


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("naïve", "'naïve'"),
        (b"na\xc3\xafve \xff", r"'naïve \\xff'"),
        ("a\nb", r"'a\nb'"),
        (3.5, "3.5"),
        ("x" * 60, repr("x" * 60)),
        ("x" * 61, repr("x" * 57 + "...")),
        (b"\xff" * 10**6, None),
        (list(range(10**4)), None),
    ],
    ids=range(8),
)
def test_shown(value, text):
    if text is None:
        assert len(shown(value)) <= 80
        assert "..." in shown(value)
    else:
        assert shown(value) == text
