"""Writes type stubs (`.pyi`) of everything public from its declarations: `make stubs`, and part of building the wheel."""
