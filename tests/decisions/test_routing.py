"""A citizen's message to its class, with a confidence that holds and the words that decided."""

from __future__ import annotations

import csv
import random
from pathlib import Path

import numpy as np
import pytest

from decisions.routing import NothingToLearn, Router, route_file, train
from decisions.routing_confidence import CAUTIOUS, measured
from decisions.routing_nets import Nets, Training
from decisions.routing_reasons import UNKNOWN
from decisions.routing_rows import gathered
from decisions.routing_straight import with_straight
from decisions.routing_trial import crossed, figures, groups, plainly, routed
from decisions.wording import LONGEST, placeless
from decisions.wording_files import TableRefused

REAL = Path(__file__).resolve().parents[3] / "shared" / "data" / "messages" / "labelled_titles.csv"
SAID = {
    "城乡建设": ["路灯坏了没人修", "小区物业乱收停车费", "自来水连续停水", "违章建筑没人拆", "下水道堵塞污水漫出"],
    "教育文体": ["老师有偿补课", "小学招生划片不公", "幼儿园收费太高", "中学食堂伙食差", "高考加分政策咨询"],
    "卫生计生": ["医院误诊不赔偿", "二胎准生证怎么办", "村卫生室没有医生", "药店卖假药", "疫苗接种要收费吗"],
}
FRONTS = ["", "请问", "投诉", "反映", "关于", "希望解决"]


def invented(count: int, seed: int = 0) -> tuple[list[str], list[str]]:
    """Invented titles in the manner of citizens."""
    pick = random.Random(seed)
    labels = [pick.choice(sorted(SAID)) for _ in range(count)]
    texts = [f"{pick.choice(FRONTS)}A{pick.randint(1, 9)}区{pick.choice(SAID[label])}" for label in labels]
    return texts, labels


@pytest.fixture(scope="module")
def router() -> Router:
    return train(*invented(240))


def write(path: Path, rows: list[list[str]], encoding: str = "utf-8") -> Path:
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file).writerows(rows)
    return path


def test_new_wording_of_known_matters_is_routed_with_the_words_that_decided(router: Router) -> None:
    found = router.route("B市某中学的老师强迫学生补课")
    assert found.label == "教育文体"
    assert found.runner_up in SAID
    assert set(found.reasons) & {"老师", "补课", "中学"}
    assert 1 / 3 < found.confidence < 1


def test_same_file_gives_the_same_router() -> None:
    texts, labels = invented(80)
    once, again = train(texts, labels), train(texts, labels)
    assert np.array_equal(once.probabilities(texts[:9]), again.probabilities(texts[:9]))


@pytest.mark.parametrize("text", ["", "   ", "。？！", "\x00\x07", "ＡＢＣ１２３", "😀" * 50, "水" * 200_000])
def test_odd_texts_get_an_answer_and_a_modest_confidence(router: Router, text: str) -> None:
    found = router.route(text)
    assert found.label in SAID
    assert 0 < found.confidence < 1
    assert found.reasons


def test_text_without_a_known_sign_says_that_only_the_shares_of_the_classes_decided(router: Router) -> None:
    assert router.route("ζξψ").reasons == (UNKNOWN,)


def test_full_width_and_half_width_read_the_same(router: Router) -> None:
    assert router.route("Ａ３区路灯坏了") == router.route("A3区路灯坏了")


def test_places_without_names_read_the_same() -> None:
    assert placeless("A7县 路灯") == placeless("B2县路灯") == "#县路灯"
    assert len(placeless("长" * 10_000_000)) == LONGEST


def test_one_class_is_never_certain() -> None:
    found = train(["路灯坏了", "停水了"], ["城乡建设", "城乡建设"]).route("路灯又坏了")
    assert (found.label, found.runner_up) == ("城乡建设", "")
    assert found.confidence == pytest.approx(0.75)


def test_two_rows_are_enough_to_tell_two_classes() -> None:
    found = train(["路灯坏了没人修", "医院看病太贵"], ["城乡建设", "卫生计生"]).route("医院看病")
    assert found.label == "卫生计生"
    assert found.confidence <= 0.75


def test_class_with_a_single_example_among_many_is_kept() -> None:
    texts, labels = invented(80)
    assert "民政" in train([*texts, "殡仪馆火化收费"], [*labels, "民政"]).labels


def test_rows_without_label_are_left_out_and_nothing_else_is_refused() -> None:
    with pytest.raises(NothingToLearn, match="label"):
        train(["路灯坏了"], ["  "])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_files_come_in_the_encodings_of_offices(tmp_path: Path, encoding: str) -> None:
    texts, labels = invented(40)
    known = write(tmp_path / "t.csv", [["text", "label"], *map(list, zip(texts, labels, strict=True))], encoding)
    new = write(tmp_path / "i.csv", [["text"], ["医院误诊"], [""], ['他说："路灯，坏了"\n第二行']], encoding)
    assert route_file(known, new, tmp_path / "o.csv") == 3
    with (tmp_path / "o.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["label"] in SAID for row in rows] == [True, True, True]
    assert rows[0]["label"] == "卫生计生"
    assert list(rows[0]) == ["label", "confidence", "runner_up", "reasons"]


def test_file_without_the_column_says_which(tmp_path: Path) -> None:
    wrong = write(tmp_path / "t.csv", [["title", "label"], ["a", "b"]])
    with pytest.raises(TableRefused, match="text"):
        route_file(wrong, wrong, tmp_path / "o.csv")


def test_input_file_does_not_change_what_is_learnt(router: Router) -> None:
    alone = router.route("路灯坏了")
    among = router.route_all(["医院误诊", "路灯坏了", "x" * 3000])[1]
    assert alone.label == among.label
    assert alone.confidence == pytest.approx(among.confidence, abs=1e-6)


def test_no_net_learns_from_its_blind_share() -> None:
    """A net that must not see an example scores it as if the label were another's."""
    from decisions.routing_nets import train_nets

    one = np.ones(1, np.float32)
    rows = gathered([(np.array([place]), one) for place in range(4)], 4)
    blind = np.array([0, 0, 0, 0])
    how = Training(nets=2, hidden=4, epochs=3)
    scores = [train_nets(rows, np.array(classes), 2, blind, how).each(rows) for classes in ([0, 1, 0, 1], [1, 0, 1, 1])]
    assert np.array_equal(scores[0][0], scores[1][0])
    assert not np.array_equal(scores[0][1], scores[1][1])


def test_no_straight_part_learns_from_its_blind_share() -> None:
    one = np.ones(1, np.float32)
    rows = gathered([(np.array([place]), one) for place in range(4)], 4)
    blind, how = np.array([0, 0, 0, 0]), Training(nets=2, hidden=4, epochs=3)
    none = Nets(*(np.zeros(shape, np.float32) for shape in ((4, 8), (8,), (2, 4, 2), (2, 2))))
    scores = [
        with_straight(none, rows, np.array(classes), blind, how).each(rows) for classes in ([0, 1, 0, 1], [1, 0, 1, 1])
    ]
    assert np.array_equal(scores[0][0], scores[1][0])
    assert not np.array_equal(scores[0][1], scores[1][1])
    assert scores[0][1].argmax(axis=1).tolist() == [0, 1, 0, 1]


def test_the_straight_part_is_added_to_the_nets_scores() -> None:
    """Always open: what it adds does not depend on the net beside it, and is the exact pull of each feature."""
    draw = np.random.default_rng(4)
    rows = gathered([(np.arange(6), draw.normal(size=6).astype(np.float32)) for _ in range(5)], 6)
    classes, blind, how = np.array([0, 1, 2, 0, 1]), np.array([-1] * 5), Training(nets=2, hidden=3, epochs=4)
    nets = Nets(*(draw.normal(size=shape).astype(np.float32) for shape in ((6, 6), (6,), (2, 3, 3), (2, 3))))
    none = Nets(*(np.zeros_like(each) for each in (nets.inward, nets.inward_offset, nets.outward, nets.outward_offset)))
    both = with_straight(nets, rows, classes, blind, how)
    added = with_straight(none, rows, classes, blind, how).each(rows)
    assert both.each(rows) == pytest.approx(nets.each(rows) + added, abs=1e-4)
    row = rows.take(np.array([0]))
    nudged = gathered([(row.columns, row.values + np.float32(1e-2) * (row.columns == 2))], 6)
    slope = (both.scores(nudged) - both.scores(row))[0] / 1e-2
    assert both.pull(row, 1)[2] == pytest.approx(slope[1] - slope.mean(), abs=0.02)


def test_confidence_follows_how_often_unseen_examples_were_right() -> None:
    draw = np.random.default_rng(1)
    classes = draw.integers(0, 3, 3000)
    wrong = np.where(draw.random(3000) < 0.3, draw.integers(0, 3, 3000), classes)
    scores = (np.eye(3)[wrong] * 4).astype(np.float32)
    found = measured(scores, classes).of(scores).max(axis=1).mean()
    assert found == pytest.approx((wrong == classes).mean(), abs=0.02)
    assert measured(scores[:10], classes[:10]) == CAUTIOUS


def test_figures_by_hand() -> None:
    likely = np.array([[0.9, 0.1], [0.9, 0.1], [0.4, 0.6], [0.45, 0.55], [0.3, 0.7]], np.float32)
    found = figures(likely, np.array([0, 1, 1, 1, 0]))
    assert found.accuracy == pytest.approx(0.6)
    assert found.macro_f1 == pytest.approx((0.5 + 2 / 3) / 2)
    assert found.accuracy_of_kept == pytest.approx(0.5)
    assert found.calibration_error == pytest.approx((0.8 + 0.4 + 0.45 + 0.7) / 5)


def test_near_copies_stay_in_one_part() -> None:
    found = groups(["A1区丽景花园小区路灯坏了", "A2区丽景花园小区路灯坏了！", "医院误诊不赔偿"])
    assert found[0] == found[1] != found[2]


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_figures_on_real_titles_beat_the_plain_way() -> None:
    if not REAL.exists():
        pytest.skip("titles of real messages are not here: they have no licence and are not part of the product")
    with REAL.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    texts, labels = [row["title"] for row in rows], [row["label"] for row in rows]
    plain, ours = crossed(texts, labels, plainly, 3), crossed(texts, labels, routed, 3)
    assert ours.macro_f1 > max(0.865, plain.macro_f1 + 0.02)
    assert ours.calibration_error < 0.025
    assert ours.accuracy_of_kept > 0.94
