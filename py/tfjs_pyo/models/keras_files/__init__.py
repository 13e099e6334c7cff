"""Keras's own files: which of a model's weights is where in them."""
