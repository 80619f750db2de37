"""The language of rules: a typed, bounded subset of CEL, checked when a rule is saved and compiled here.

`check` turns text into a typed condition or says where it is wrong; `compile_conditions` turns many of them
into one function. docs/rules.md tells users the language, docs/adr/0004 why it is not left to a CEL library.
"""

from winnow.core.cel.checker import check
from winnow.core.cel.compile import Evaluation, compile_conditions
from winnow.core.cel.term import Checked, Kind, Term

__all__ = ["Checked", "Evaluation", "Kind", "Term", "check", "compile_conditions"]
