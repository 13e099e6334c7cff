"""The workshop: what builds, checks, serves and drives this project."""
