import pytest

from winnow.demo.dice import Dice, spread


def test_dice_fall_the_same_for_the_same_name():
    assert [Dice.named(7, "a").random() for _ in range(3)] == [Dice.named(7, "a").random()] * 3
    assert Dice.named(7, "a").random() != Dice.named(7, "b").random()


def test_a_known_fall():
    """Python promises this for ever; were it to break its word, every sample file would change."""
    dice = Dice(1)
    assert [dice.whole(1, 6), dice.digits(3), dice.letters(3), dice.hexadecimal(4)] == [1, "872", "mlq", "c9e9"]


def test_numbers_stay_in_their_range():
    dice = Dice(3)
    assert {dice.whole(2, 4) for _ in range(200)} == {2, 3, 4}
    assert {dice.pick("abc") for _ in range(200)} == {"a", "b", "c"}
    along = [dice.along((1, 2, 10)) for _ in range(2000)]
    assert 1 <= min(along) < max(along) < 10
    assert sum(number < 2 for number in along) / 2000 == pytest.approx(0.5, abs=0.05)
    assert sum(dice.chance(0.25) for _ in range(4000)) / 4000 == pytest.approx(0.25, abs=0.03)


@pytest.mark.parametrize(
    ("weights", "slots", "pool"),
    [
        ({"a": 1, "b": 1}, 4, ("a", "a", "b", "b")),
        ({"a": 3, "b": 1}, 4, ("a", "a", "a", "b")),
        ({"a": 999, "b": 1}, 4, ("a", "a", "a", "a", "b")),
        ({"a": 0.1, "b": 0.2}, 3, ("a", "b", "b")),
    ],
)
def test_spread_repeats_a_key_by_its_weight_and_forgets_none(weights, slots, pool):
    assert spread(weights, slots) == pool
