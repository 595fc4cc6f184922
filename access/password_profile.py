"""What is asked of passwords, by a profile the city chooses.

Two profiles contradict each other on purpose. GB/T 22239-2019 8.1.4.1 a asks for mixed characters and regular change;
OWASP ASVS 5.0 6.2.5 and 6.2.10 forbid both and ask for length and a list of common passwords. The city chooses.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Profile:
    """What is asked of passwords."""

    name: str
    words: str
    shortest: int
    classes: int
    """Of upper case, lower case, digits, others: how many must occur."""
    changed_after: timedelta | None
    remembered: int
    """Earlier passwords that may not come back."""


DENGBAO3 = Profile("dengbao3", "等保三级", 10, 3, timedelta(days=90), 5)
ASVS = Profile("asvs", "OWASP ASVS 5.0", 12, 1, None, 1)
PROFILES = {profile.name: profile for profile in (DENGBAO3, ASVS)}
