"""What people say leads turned out to be: whom to believe how far, and how to take it back."""
