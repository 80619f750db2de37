"""What every story draws on: the moment, the dice, the pools of people and places, and what happened lately."""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from winnow.demo.agents import Agents
from winnow.demo.companies import Companies, Company
from winnow.demo.dice import Dice, spread
from winnow.demo.markets import Market, PhoneBook, load_markets
from winnow.demo.messages import Messages
from winnow.demo.networks import Networks
from winnow.demo.people import Cultures, Person, free_address, work_address
from winnow.demo.rhythm import awake

if TYPE_CHECKING:
    from winnow.demo.record import DemoLead

T = TypeVar("T")

_CUSTOMER_SHARE, _FEWEST_CUSTOMERS, _MOST_CUSTOMERS = 1 / 40, 60, 4000
_LEADS_PER_OFFICE, _LEADS_PER_GATEWAY, _LEADS_PER_CARRIER = 1500, 300, 150


class Customer(NamedTuple):
    """An existing customer of the demo company and the person who speaks for it."""

    market: Market
    person: Person
    company: Company
    email: str
    by_domain: bool


class Office(NamedTuple):
    """A co-working space: everybody in it shares one address."""

    market: Market
    ip: str


class Stage:
    """Pools built once from the seed, and the little that stories must remember."""

    def __init__(self, leads: int, seed: int) -> None:
        self.dice, self.now = Dice.named(seed, "stage"), datetime.min.replace(tzinfo=UTC)
        self.cultures, self.companies, self.messages = Cultures(), Companies(), Messages()
        self.networks, self.agents, self.phones = Networks(), Agents(), PhoneBook()
        self.markets = load_markets()
        self.by_country = {market.country: market for market in self.markets}
        self._anywhere = spread({market: market.weight for market in self.markets}, 600)
        self._awake = tuple(self._awake_at(hour) for hour in range(24))
        self.customers = customer_pool(leads, seed, self)
        self.offices = self._offices(max(4, leads // _LEADS_PER_OFFICE))
        self.gateways = self._addresses(max(8, leads // _LEADS_PER_GATEWAY))
        self.carriers = {market.country: self._carrier(market, leads) for market in self.markets}
        self.recent: deque[DemoLead] = deque(maxlen=40)
        self._campaigns: dict[str, tuple[int, object]] = {}

    def begin(self, dice: Dice, now: datetime) -> None:
        """Set the moment the next story takes place at."""
        self.dice, self.now = dice, now

    def market(self) -> Market:
        """Where somebody is awake now."""
        return self.dice.pick(self._awake[self.now.hour])

    def any_market(self) -> Market:
        """A market regardless of the hour, as machines have it."""
        return self.dice.pick(self._anywhere)

    def campaign(self, name: str, longest: int, make: Callable[[], T]) -> T:
        """What the leads of one campaign share; after some uses, `longest` at most, a new campaign begins."""
        left, shared = self._campaigns.get(name, (0, None))
        if left <= 0:
            left, shared = self.dice.whole(longest // 3, longest), make()
        self._campaigns[name] = (left - 1, shared)
        return shared  # type: ignore[return-value] # a name is always used with the same kind of thing

    def _awake_at(self, hour: int) -> tuple[Market, ...]:
        return spread({market: market.weight * awake(hour, market.offset) for market in self.markets}, 600)

    def _offices(self, count: int) -> tuple[Office, ...]:
        places = [self.by_country[country] for country in ("GB", "DE", "US", "ES")]
        ranges = self.networks.coworking
        return tuple(
            Office(places[index % len(places)], ranges[index % len(ranges)].address(self.dice))
            for index in range(count)
        )

    def _addresses(self, count: int) -> tuple[str, ...]:
        return tuple(self.dice.pick(self.networks.gateway).address(self.dice) for _ in range(count))

    def _carrier(self, market: Market, leads: int) -> tuple[str, ...]:
        count = max(2, int(leads * market.weight / 100 / _LEADS_PER_CARRIER))
        return tuple(self.dice.pick(market.mobile).address(self.dice) for _ in range(count))


def customer_pool(leads: int, seed: int, stage: Stage) -> tuple[Customer, ...]:
    """The demo company's customers; more leads mean a bigger company, up to a limit."""
    dice = Dice.named(seed, "customers")
    count = min(max(int(leads * _CUSTOMER_SHARE), _FEWEST_CUSTOMERS), _MOST_CUSTOMERS)
    return tuple(_customer(dice, stage) for _ in range(count))


def _customer(dice: Dice, stage: Stage) -> Customer:
    market = dice.pick(stage.markets)
    person = stage.cultures.person(dice, dice.pick(market.cultures))
    company = stage.companies.company(dice, market.language)
    if dice.chance(0.1):
        return Customer(market, person, company, free_address(dice, person, dice.pick(market.free)), by_domain=False)
    return Customer(market, person, company, work_address(dice, person, company.domain), by_domain=True)
