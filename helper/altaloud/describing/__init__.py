"""What to say about a picture, to whom first, and in which words."""
