"""Training and evaluation of the starter model: `python -m altaloud.training train DATA`."""
