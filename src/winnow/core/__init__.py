"""The pure part: a lead and what was looked up about it go in, a decision with exact reasons comes out.

Nothing in here reads a clock, a file, a database, the environment or a random number.
"""
