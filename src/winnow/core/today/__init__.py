"""Today: what the last days came to, in numbers that each say which leads they count."""
