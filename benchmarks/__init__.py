"""How fast Winnow decides, measured; run by `make bench`."""
