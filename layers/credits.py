"""Who the data comes from, in the words every page and file carries."""

from __future__ import annotations

BOUNDARY_CREDIT = "行政区边界数据来源：天地图，GS(2024)0650号（数据来源审图号，非本产品审图号）"
SEAT_CREDIT = "园区、功能区位置依据 GeoNames 镇街驻地（CC BY 4.0）推算"
PUBLIC_USE = "公开使用地图须另行送审取得审图号"

CREDITS = (BOUNDARY_CREDIT, SEAT_CREDIT, PUBLIC_USE)
"""Sources of the geometry with their terms, and what a public map needs besides."""
