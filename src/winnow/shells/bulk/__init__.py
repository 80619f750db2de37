"""Screening many leads: pieces of a file, decided in one or several processes, in order, with identical results."""
