"""The model card: all that somebody who signs a scorecard off has to know."""
