"""JOINED: assignments × boundaries → Snapshot, features, filters, Folium maps."""
