"""Figures about a score and how far they are to be trusted: measures, exact bounds, and their words."""
