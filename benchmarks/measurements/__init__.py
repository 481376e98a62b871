"""Time and memory of each stage, beside other libraries."""
