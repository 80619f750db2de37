"""Guards: what watches the outcomes of decisions and says when something is going wrong."""
