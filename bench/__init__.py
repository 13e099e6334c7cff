"""Benchmarks against TensorFlow.js, in one browser session: `python bench/run.py --help`."""
