"""Signals: what can be measured about a lead; each is one small pure function, None = unknown."""
