"""The OpenID provider that people may sign in with: what it says of itself, its keys, its tokens."""
