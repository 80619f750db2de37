"""What the product does, one module a job; services know the core and the ports, never each other."""
