"""From a labelled file to a study: what its columns are, when leads came, what became of them."""
