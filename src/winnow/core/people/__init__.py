"""People who sign in: what they may do, how they prove who they are, and when that stops being believed."""
