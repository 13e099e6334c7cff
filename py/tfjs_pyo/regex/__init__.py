"""Regular expressions in RE2's syntax, which TensorFlow means, matched in time that grows with the text only linearly.

Python's `re` tries one way after the other, which for `(a+)+$` are more than anything can try; what files say must not cost that.
"""

from tfjs_pyo.regex.matching import Pattern
from tfjs_pyo.regex.syntax import PatternError

__all__ = ["Pattern", "PatternError"]
