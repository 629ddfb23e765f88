"""WHERE: places through time, boundaries, coordinates. Knows no plan and no web."""
