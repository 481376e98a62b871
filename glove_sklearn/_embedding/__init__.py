"""Word vectors: their type, post-processing, pooling and gensim."""
