"""Everything that goes out by webhook: where it may go, how it is signed, how it is sent."""
