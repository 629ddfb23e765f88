"""OGC APIs: Features (parts 1 to 3) and Tiles, over the collections of the snapshot."""
