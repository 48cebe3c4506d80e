"""What was seen before, sealed on disk."""
