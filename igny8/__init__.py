"""IGNY8: a keyword list in, illustrated articles at a review gate out."""

__version__ = "0.1.0"
