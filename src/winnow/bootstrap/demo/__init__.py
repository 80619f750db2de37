"""Demo installations: made-up leads, decided by the real path, with the people who dealt with them."""
