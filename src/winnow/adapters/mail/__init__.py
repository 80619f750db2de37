"""Letters to people: put into words, and handed to the mail server."""
