"""What is saved of a model: its topology as JSON, the names of its weights, how it was compiled."""
