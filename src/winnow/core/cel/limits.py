"""The bounds every condition keeps, so that no rule can make screening slow: they hold by construction."""

#: Length of a condition, in characters.
MAX_SOURCE = 2_000

#: Signals, literals, operators and calls in a condition; the items of a list do not count.
MAX_NODES = 200

#: Brackets, calls, signs and choices inside one another.
MAX_NESTING = 20

#: Items of a list.
MAX_ITEMS = 100

#: Length of a text in quotes, in characters.
MAX_LITERAL = 500

#: Instructions a regular expression compiles to: RE2 takes, at worst, time in proportion to these × bytes of text.
MAX_PROGRAM = 400

#: Classes such as `\pL` in a regular expression: RE2 takes long merely to read many of them.
MAX_UNICODE_CLASSES = 10

#: Bytes RE2 may spend on one expression and the automaton it builds while matching.
MAX_PATTERN_MEMORY = 1 << 20

#: Longest text a signal is reckoned to hold when the cost of a condition is estimated, in characters.
LONGEST_TEXT = 100_000

#: Nanoseconds a condition may take at worst, as `cost.worst_case` reckons them: half a second.
MAX_COST = 500_000_000

#: Range of an int, as CEL defines it: 64 bits with a sign.
INT_MIN, INT_MAX = -(2**63), 2**63 - 1
