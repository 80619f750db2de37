"""The HTTP API, the public form and all that stands at its edge."""
