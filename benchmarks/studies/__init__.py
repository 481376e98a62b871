"""Quality of word vectors and document vectors, over several seeds."""
