from __future__ import annotations

import csv
import io
import json

import pytest

from plans.tables import COLUMNS

TEXT = "重庆市材料规划\n2022年12月15日\n推动江津区做强铜加工。推动合川区优化环境。"


@pytest.fixture
def runner(app):
    return app.test_cli_runner()


@pytest.fixture
def plan(tmp_path):
    path = tmp_path / "计划.txt"
    path.write_bytes(TEXT.encode("gb18030"))
    return str(path)


def test_extract_writes_the_assignment_table(runner, plan):
    answer = runner.invoke(args=["plans", "extract", plan])
    (row,) = csv.DictReader(io.StringIO(answer.stdout))
    assert tuple(row)[: len(COLUMNS)] == COLUMNS
    assert (row["plan_id"], row["place_id"], row["action"]) == ("计划", "500116", "strengthen")
    assert TEXT[int(row["start"]) : int(row["end"])] == row["sector_text"] == "铜加工"
    assert row["reason"]


def test_extract_writes_json_too(runner, plan):
    answer = runner.invoke(args=["plans", "extract", plan, "--format", "json", "--plan", "x"])
    assert [row["plan_id"] for row in json.loads(answer.stdout)] == ["x"]


def test_extract_lists_what_it_left(runner, plan):
    answer = runner.invoke(args=["plans", "extract", plan, "--issues"])
    assert "place_without_sector,合川区" in answer.stdout


def test_extract_says_what_is_wrong(runner, plan, tmp_path):
    wrong = runner.invoke(args=["plans", "extract", plan, "--province", "999999"])
    assert wrong.exit_code == 2
    (tmp_path / "旧.doc").write_bytes(b"x")
    old = runner.invoke(args=["plans", "extract", str(tmp_path / "旧.doc")])
    assert old.exit_code == 1
    assert "另存为 .docx" in old.output
    (tmp_path / "无.txt").write_text("发展钢铁。", encoding="utf-8")
    unclear = runner.invoke(args=["plans", "extract", str(tmp_path / "无.txt")])
    assert "--province" in unclear.output
    assert "Traceback" not in unclear.output


def test_evaluate_compares_two_tables(runner, plan, tmp_path):
    table = tmp_path / "rows.csv"
    table.write_text(runner.invoke(args=["plans", "extract", plan]).stdout, encoding="utf-8")
    answer = runner.invoke(args=["plans", "evaluate", str(table), str(table)])
    assert "f1\t1.000" in answer.output
    empty = tmp_path / "empty.csv"
    empty.write_text(table.read_text(encoding="utf-8").splitlines()[0] + "\n", encoding="utf-8")
    answer = runner.invoke(args=["plans", "evaluate", str(table), str(empty)])
    assert "recall\t0.000" in answer.output
    assert "missed\t江津区\t500116\tstrengthen" in answer.output
    missing = runner.invoke(args=["plans", "evaluate", str(table), str(tmp_path / "no.csv")])
    assert missing.exit_code == 1
