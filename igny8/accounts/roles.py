"""What each role may do, as the team page lists it."""

from igny8.accounts.models import Role

# From the least role that may do it; each role may also do what the ones before it may.
_LEAST = (
    ("See everything of the sites", Role.VIEWER),
    ("Approve articles and send them back", Role.REVIEWER),
    ("Import and edit keywords, text and images", Role.EDITOR),
    ("Start, pause and cancel runs, and spend credits", Role.EDITOR),
    ("Change the automation, prompts and connections", Role.EDITOR),
    ("Invite people, change roles, set channels, read the audit log", Role.OWNER),
    ("Remove a site, hand the team over", Role.OWNER),
)
ABILITIES = [
    (ability, [role.includes(least) for role in reversed(Role)]) for ability, least in _LEAST
]
