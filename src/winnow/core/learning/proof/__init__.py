"""May the score reject? Certificates, what they rest on, and when they end."""
