"""Alternative text for images, made on this computer."""
