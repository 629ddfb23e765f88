from __future__ import annotations

import pytest

from errors import DataError
from plans.tables import COLUMNS, Policy, Target, load_records

CONTRACT = (
    "plan_id,place_text,place_id,place_name,place_kind,parent_code,parent_name,province,"
    "sector_text,sector_code,sector_l1,action_text,action,chain_stage,condition,project,"
    "start,end,section"
)


def test_columns_keep_the_contract():
    assert ",".join(COLUMNS) == CONTRACT


def test_stated_zero_is_not_the_same_as_not_stated(tmp_path):
    path = tmp_path / "targets.csv"
    path.write_text(
        "plan_id,sector_code,scope,indicator,base_year,base,target_year,target,unit,growth,"
        "start,end,section\np,steel,市,产能,2020,0,2025,,万吨,,1,3,一\n",
        encoding="utf-8",
    )
    (target,) = load_records(path, Target)
    assert target.base == "0"
    assert target.target == ""


def test_lists_are_split_and_offsets_are_numbers(tmp_path):
    path = tmp_path / "policies.csv"
    head = "plan_id,sector_codes,kind,where,words,start,end,section,limit\n"
    path.write_text(head + "p,steel+building,ban,,不再新增,1,3,一,\n", encoding="utf-8")
    (policy,) = load_records(path, Policy)
    assert policy.sector_codes == ("steel", "building")
    assert (policy.start, policy.end) == (1, 3)
    path.write_text(head + "p,,ban,,不再新增,一,3,一,\n", encoding="utf-8")
    with pytest.raises(DataError, match="第 2 行"):
        load_records(path, Policy)
