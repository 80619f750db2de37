"""What people do about the leads that wait for them: whose turn it is, what they may say, and whether they agree."""
