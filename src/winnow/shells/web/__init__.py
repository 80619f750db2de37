"""Pages for people, rendered on the server; everything they need comes with the package."""
