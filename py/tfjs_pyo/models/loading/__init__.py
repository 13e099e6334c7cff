"""Models made of what was saved: the forms of TensorFlow.js, Keras 2 and Keras 3."""
