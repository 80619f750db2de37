"""From a study to a scorecard: which signals, in which shapes, in whole points."""
