"""How models are trained: what a batch goes through, what a run does, and where its data comes from."""
