"""What a labelled history teaches: how good a score is, which columns know the future, what may be certified."""
