"""temporary"""
import functools
def fold(n): return n.replace("_","").lower()
def bridge(fn): return fn
def nearest_spelling(name, cands):
    for c in cands:
        if fold(c)==fold(name): return c
    return None
def unknown_name(owner,name,cands): return f"{owner}: no {name}"
