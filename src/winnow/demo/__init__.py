"""Sample leads that belong to nobody: a labelled three-month stream with every story of the trade, from one seed.

The stream is the same on any machine and Python version. What is in it: docs/demo.md.
"""

from winnow.demo.files import rows, write
from winnow.demo.record import COLUMNS, DemoLead
from winnow.demo.stream import customers, stream

__all__ = ["COLUMNS", "DemoLead", "customers", "rows", "stream", "write"]
