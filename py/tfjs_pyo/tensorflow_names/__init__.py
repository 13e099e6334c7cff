"""Functions by TensorFlow's names: what `tfjs_pyo.tensorflow` gives programs, and what models of Keras 2 call in their files."""
