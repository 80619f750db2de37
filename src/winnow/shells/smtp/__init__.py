"""The gate where mail leaves: an SMTP server that passes on only what may be sent, and keeps nothing."""
