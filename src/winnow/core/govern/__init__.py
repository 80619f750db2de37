"""What any AI or campaign may do to a person: policy, consent, the gate, who signed, who may stop."""
