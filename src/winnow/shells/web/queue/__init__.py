"""What the review queue and the page of a lead show, put together before any template sees it."""
