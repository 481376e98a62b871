"""Time and memory from commit to commit, with airspeed velocity (asv)."""
