from __future__ import annotations

from plans.evaluation import evaluate, same_place


def row(
    place="500116", start=0, end=4, action="develop", text="江津", parent="", sector="绿色建材"
):
    return {
        "place_id": place, "place_text": text, "parent_code": parent or place, "start": str(start),
        "end": str(end), "action": action, "sector_l1": sector,
    }  # fmt: skip


def test_equal_tables_agree():
    rows = [row(), row(start=5, end=8)]
    result = evaluate(rows, rows)
    assert (result.recall, result.precision, result.f1, result.place_accuracy) == (1, 1, 1, 1)
    assert result.accuracy("action") == 1


def test_a_row_is_paired_once():
    result = evaluate([row()], [row(), row(action="build")])
    assert (result.recall, result.precision) == (1, 0.5)
    assert result.pairs[0][1]["action"] == "develop"


def test_pairing_gives_way_so_that_most_rows_find_a_partner():
    gold = [row(start=0, end=10), row(start=0, end=2)]
    predicted = [row(start=0, end=10), row(start=4, end=10)]
    assert len(evaluate(gold, predicted).pairs) == 2


def test_touching_spans_do_not_overlap():
    assert evaluate([row(start=0, end=4)], [row(start=4, end=8)]).f1 == 0


def test_a_wrong_place_is_missed_and_extra_and_counts_against_places():
    result = evaluate([row()], [row(place="330205")])
    assert (len(result.missed), len(result.extra), result.place_accuracy) == (1, 1, 0)


def test_actions_are_held_against_each_other():
    assert evaluate([row()], [row(action="build")]).accuracy("action") == 0


def test_nothing_expected_and_nothing_found_is_right():
    assert evaluate([], []).f1 == 1


def test_zones_outside_the_registry_meet_by_name_and_unit():
    one = row("420582#姚家港化工园", text="姚家港化工园", parent="420583")
    other = row("420583-yaojiagang", text="枝江姚家港化工园区", parent="420583")
    assert same_place(one, other)
    assert not same_place(one, row("510583-yaojiagang", text="姚家港化工园", parent="510583"))
    assert not same_place(one, row("420583", text="枝江", parent="420583"))


def test_unresolved_places_meet_by_their_words():
    assert same_place(row("", text="仙童小镇"), row("", text="仙童小镇"))
    assert not same_place(row("", text="仙童小镇"), row("", text="光膜小镇"))
