"""Files of word vectors: one module per family of formats, a registry of all, and the parser of numbers."""
