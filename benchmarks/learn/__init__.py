"""What learning is worth and costs: on generated data, and on data you name with `--data`."""
