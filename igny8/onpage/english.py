"""What passive sentences and connected sentences look like in English."""

from igny8.onpage.words import words_of


def _listed(words: str) -> frozenset[str]:
    return frozenset(words.split())


AUXILIARIES = _listed("""
am is are was were be been being isn't aren't wasn't weren't it's that's they're we're you're
he's she's get gets got gotten getting
""")
# What may stand between an auxiliary and its participle without ending the passive.
REACH = 4
NO_PARTICIPLES = _listed("""
need needed indeed feed seed speed weed bed red bleed breed embed exceed proceed succeed hundred
naked sacred wicked rugged ragged beloved aged tired bored excited interested pleased worried
scared sled shed shred newlywed biped moped reed deed greed steed
""")
PARTICIPLES = _listed("""
arisen awoken beaten become begun bent bet bitten blown born borne bought bound broken brought
built burnt burst cast caught chosen cut dealt done drawn driven drunk dug eaten fallen fed felt
fled flown forbidden forgiven forgotten fought found frozen given gone grown ground hanged heard
held hidden hit hung hurt kept knit known laid learnt led left lent let lit lost made meant met
mistaken mown overcome overtaken paid proven put read ridden risen rung run said sawn seen sent
set sewn shaken shaved shot shown shrunk shut slain sold sought sown spent spilt split spoilt
spoken spread sprung spun stolen stood strewn stricken struck stuck stung sung sunk swept sworn
swollen swum swung taken taught thought thrown told torn trodden undergone understood undone
upheld upset withdrawn withheld woken won worn wound woven written wrung
""")
BREAKS = _listed("""
and or but because although while which who that if when so as
""")

_TRANSITIONS = """
above all | accordingly | additionally | after all | after that | afterwards | albeit | also |
although | altogether | another | as a consequence | as a result | as an illustration | as long
as | as soon as | as well as | at first | at last | at least | at the same time | basically |
because | before | besides | but | by all means | by comparison | by contrast | by the same
token | by the time | certainly | chiefly | comparatively | consequently | conversely | coupled
with | despite | doubtless | due to | during | e.g. | earlier | either | equally | especially |
even if | even more | even so | even though | eventually | evidently | explicitly | finally |
first | firstly | following | for example | for fear that | for instance | for one thing | for
the most part | for this reason | formerly | forthwith | further | furthermore | generally |
given that | hence | henceforth | however | i.e. | identically | if | importantly | in a word |
in addition | in any case | in any event | in brief | in case | in comparison | in conclusion |
in contrast | in detail | in fact | in general | in order to | in other words | in particular |
in short | in spite of | in sum | in summary | in that case | in the end | in the first place |
in the long run | in the same way | in this case | in time | in turn | incidentally | indeed |
initially | instead | last | lastly | later | likewise | markedly | meanwhile | moreover | most
important | namely | naturally | nevertheless | next | nonetheless | not only | not to mention |
notably | notwithstanding | now that | obviously | of course | on account of | on the contrary |
on the one hand | on the other hand | once | otherwise | overall | owing to | particularly |
presumably | previously | provided that | quickly | rather | rather than | regardless | second |
secondly | seeing that | shortly | significantly | similarly | simultaneously | since | so | so
that | soon | specifically | still | subsequently | such as | suddenly | summing up | surely |
that is | then | thereafter | therefore | thereupon | third | thirdly | though | thus | to begin
with | to clarify | to conclude | to demonstrate | to illustrate | to put it another way | to
sum up | to summarize | too | ultimately | undoubtedly | unless | unlike | until | whenever |
whereas | wherever | whether | while | with this in mind | without a doubt | yet
"""
_PHRASES = [tuple(words_of(phrase)) for phrase in _TRANSITIONS.split("|")]
SINGLE = frozenset(phrase[0] for phrase in _PHRASES if len(phrase) == 1)
PHRASES = tuple(" ".join(("", *phrase, "")) for phrase in _PHRASES if len(phrase) > 1)


def is_passive(words: list[str]) -> bool:
    """A form of "to be" or "to get", shortly after it a participle."""
    return any(
        _leads_to_participle(words[place + 1 : place + 1 + REACH])
        for place, word in enumerate(words)
        if word in AUXILIARIES
    )


def is_connected(words: list[str]) -> bool:
    """Says how it goes on from what stood before, or how its parts belong together."""
    if not SINGLE.isdisjoint(words):
        return True
    line = f" {' '.join(words)} "
    return any(phrase in line for phrase in PHRASES)


def _leads_to_participle(following: list[str]) -> bool:
    for word in following:
        if word in BREAKS:
            return False
        if is_participle(word):
            return True
    return False


def is_participle(word: str) -> bool:
    regular = word.endswith("ed") and len(word) > 3 and word not in NO_PARTICIPLES
    return regular or word in PARTICIPLES
