"""Vectors: of the primitives, by others; and of our own formats, frozen."""
