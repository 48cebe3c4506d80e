"""BLIP: from a published checkpoint to a caption."""
