"""Sizes, and the documents of each."""

from benchmarks.measurements.growth import first_documents, sizes


def test_sizes_double_up_to_the_whole():
    assert sizes(1, 16) == [1, 2, 4, 8, 16]
    assert sizes(1, 17) == [1, 2, 4, 8, 17]
    assert sizes(1, 24) == [1, 2, 4, 8, 16, 24]
    assert sizes(5, 3) == [3]


def test_first_documents_have_at_least_so_many_tokens(tmp_path):
    documents = ["a b", "c", "d e f", ""]
    path = tmp_path / "text.txt"
    path.write_text("".join(f"{document}\n" for document in documents), encoding="utf-8")
    numbers = [len(list(first_documents(str(path), n_tokens))) for n_tokens in (0, 1, 2, 3, 4, 6, 7)]
    assert numbers == [0, 1, 1, 2, 3, 3, 4]
