"""What runs beside HTTP in `winnow serve`, and alone in `winnow worker`."""
