"""KEPT: published snapshots on disk."""
