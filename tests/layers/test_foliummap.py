from __future__ import annotations

import gzip
import json
import re
import subprocess
from dataclasses import replace
from shutil import which

import folium

from layers.foliummap import build_map, map_script
from tests.support import missing


def test_it_is_a_folium_map_with_a_layer_per_top_level_sector(snapshot):
    figure = build_map(snapshot)
    assert isinstance(figure, folium.Map)
    groups = [c for c in figure._children.values() if isinstance(c, folium.FeatureGroup)]
    names = {group.layer_name for group in groups}
    assert {sector.name_zh for sector in snapshot.sector_tree.top()} <= names
    assert {"行政区", "功能区（示意范围）", "园区与合作区（点位）"} <= names


def test_the_script_is_the_same_every_time(snapshot):
    assert map_script(snapshot) == map_script(snapshot)
    assert map_script(snapshot).encode() == gzip.decompress(snapshot.resources["map.js"])


def test_the_script_names_no_other_host(snapshot):
    assert not re.search(r"https?://|//[a-z]+\.", map_script(snapshot))


def test_a_key_offers_tianditu_switched_off(snapshot):
    script = map_script(snapshot, "KEY123")
    assert script.count("tk=KEY123") == 2
    assert "tianditu.gov.cn/vec_w/wmts" in script
    for name in re.findall(r"var (tile_layer_\w+) =", script):
        assert f"{name}.addTo(" not in script


def test_the_script_parses(snapshot, tmp_path):
    node = which("node")
    if node is None:
        missing("没有 Node.js")
    path = tmp_path / "map.js"
    path.write_text(map_script(snapshot, 'k"</script>'), encoding="utf-8")
    subprocess.run([node, "--check", str(path)], check=True)


def test_words_are_never_taken_for_a_template(snapshot):
    title = "{{7*7}}{% raw %}{#{{'\u2028\x85</script>"
    plan, *others = snapshot.plans
    script = map_script(replace(snapshot, plans=(replace(plan, short_title=title), *others)))
    start = script.index("Caitu.start(")
    config, _ = json.JSONDecoder().raw_decode(script, script.index('{"actions"', start))
    assert config["plans"][plan.id] == title
    assert "</script" not in script
