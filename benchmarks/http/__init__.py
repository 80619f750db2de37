"""The service under load: how many decisions a second are made durable over HTTP, and how long a caller waits."""
