"""Where facts come from: reference lists and tables, the history of earlier leads, and the look-up that joins them."""
