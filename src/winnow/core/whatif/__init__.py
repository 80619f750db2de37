"""What another ruleset would have done to leads that are decided already: how many change, which, and at what cost."""
