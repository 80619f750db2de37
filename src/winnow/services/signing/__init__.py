"""Sign-off: proposing, arguing, agreeing as a second person, and saying what holds at a moment."""

from winnow.services.signing.desk import LONGEST_TEXT, Content, SigningDesk, Told, Wanted
from winnow.services.signing.held import HeldSignOffs, LadderSignOffs

__all__ = ["LONGEST_TEXT", "Content", "HeldSignOffs", "LadderSignOffs", "SigningDesk", "Told", "Wanted"]
