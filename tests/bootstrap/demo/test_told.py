from datetime import UTC, datetime, timedelta

from winnow.bootstrap.demo.told import Agenda, Told

BEGIN = datetime(2026, 3, 1, tzinfo=UTC)
END = BEGIN + timedelta(hours=10)
HOUR = timedelta(hours=1)


def test_the_clock_goes_neither_back_nor_beyond_the_end():
    told = Told(BEGIN, END)
    seen = []
    for at in (BEGIN + 2 * HOUR, BEGIN + HOUR, END + HOUR):
        told.to(at)
        seen.append(told.now())
    assert seen == [BEGIN + 2 * HOUR, BEGIN + 2 * HOUR, END]
    told.spend(60)
    assert told.now() == END


def test_seconds_pass_as_the_clock_says():
    told = Told(BEGIN, END)
    before = told.seconds()
    told.spend(90)
    assert told.seconds() - before == 90


def test_things_happen_in_order_and_may_bring_more():
    told, happened = Told(BEGIN, END), []
    agenda = Agenda(told)

    def note(what):
        return lambda: happened.append((what, told.now()))

    agenda.add(BEGIN + 3 * HOUR, note("late"))
    agenda.add(BEGIN + HOUR, lambda: agenda.add(BEGIN + 2 * HOUR, note("brought")))
    agenda.add(BEGIN + 3 * HOUR, note("later"))
    agenda.add(END + HOUR, note("never"))
    agenda.run()
    assert happened == [("brought", BEGIN + 2 * HOUR), ("late", BEGIN + 3 * HOUR), ("later", BEGIN + 3 * HOUR)]


def test_what_is_overdue_happens_without_the_clock_going_back():
    told, happened = Told(BEGIN, END), []
    agenda = Agenda(told)
    agenda.add(BEGIN + HOUR, lambda: told.spend(7_200))
    agenda.add(BEGIN + 2 * HOUR, lambda: happened.append(told.now()))
    agenda.run()
    assert happened == [BEGIN + 3 * HOUR]
