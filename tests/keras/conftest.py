"""Recorders need packages that the tests do not."""

collect_ignore = ["record.py", "record_optimizers.py"]
