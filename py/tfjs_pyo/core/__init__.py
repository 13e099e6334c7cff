"""The engine: graph, autodiff, tensors, variables, traces, scopes of memory."""
