"""From graphs to what backends run: numbering, scheduling with fusion, GLSL, plans."""
