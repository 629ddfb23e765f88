"""SERVED: Flask blueprints. Uses every other room, used by none."""
