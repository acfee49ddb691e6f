"""Measurements of Redress, on real processes: `python -m benchmarks.twin`, `.open` and `.burst`."""
