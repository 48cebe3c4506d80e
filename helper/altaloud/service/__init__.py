"""The helper as others meet it: HTTP, pairing, the daemon."""
