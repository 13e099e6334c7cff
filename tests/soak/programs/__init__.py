"""Programs of thousands of steps; the page runs a file's text, CPython the module.

`main(steps)` returns {"numbers": {name: list}, "sizes": list}: what both backends must agree on, and the numbers of tensors and
bytes at checkpoints, which must stay equal from the second one on.
"""
