"""Pixels in, what is seen out. Needs nothing above it: an engine process imports this and no more."""
