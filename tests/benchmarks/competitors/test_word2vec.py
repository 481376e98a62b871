"""Sentences for gensim have all tokens of a text."""

from benchmarks.competitors.word2vec import Sentences


def test_sentences_lose_no_token_and_are_read_again(tmp_path):
    tokens = [str(n) for n in range(25_000)]
    (tmp_path / "text.txt").write_text(f"a b\n{' '.join(tokens)}\n", encoding="utf-8")
    sentences = Sentences(str(tmp_path / "text.txt"))
    for _ in range(2):
        first, *chunks = sentences
        assert first == ["a", "b"]
        assert [token for chunk in chunks for token in chunk] == tokens
        assert max(map(len, chunks)) <= 10_000  # where gensim cuts
