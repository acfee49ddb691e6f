"""Measurements of Redress.

On real processes: `python -m benchmarks.twin`, `.open` and `.burst`; of its domain: `.deciding` and `.backtest`.
"""
