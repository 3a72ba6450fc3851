"""Furniture of web pages that is copied along with an article: buttons, counters, forms, navigation.

A rule matches a whole line or nothing, so that no sentence of a work is lost to a word it begins with.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from corpus.cleaning import clean_line
from corpus.datelines import PAGE_STAMP
from corpus.works import Block, BlockKind

LONGEST_RESIDUE = 200
"""Length in characters of a line that can be residue."""
PROSE_CHARACTERS = 90
"""Above this length a line that ends like a sentence is prose."""
LONGEST_TOP = 12
"""How many blocks may stand between the headline of a copied page and its first prose."""
FEWEST_CAPTION_WORDS = 4

_SENTENCE_END = re.compile(r"[.!?…][\"'”’»)\]]*$")
_ORNAMENT = " \t|•·▪►▶»«›‹→←↑↓<>+*✕×–—-"


@dataclass(frozen=True, slots=True)
class ResidueRule:
    """A kind of furniture: its name, what it is for people, and the pattern of the whole line."""

    name: str
    matches: str
    pattern: str


_NETWORK = (
    r"(?:facebook|twitter|x|x \(twitter\)|linkedin|whatsapp|telegram|e-?mail|pinterest|reddit|instagram|threads|bluesky"
    r"|messenger|youtube|tiktok|google(?: news| plus|\+)|rss|flipboard|tumblr|pocket|viber|line|vk|weibo|wechat)"
)
_NETWORKS = rf"{_NETWORK}(?:(?:\s*[,|/•·]\s*|\s+(?:and|or)\s+|\s+){_NETWORK})*"
_PIECE = r"(?:article|story|post|page|news|item|video|content|report|on)"
_PARTY = r"[^.!?]{1,60}(?:\b(?:inc|ltd|co|corp|llc)\.)?"

RULES = (
    ResidueRule("short-url", "the button for a short address", r"short(?:ened)? ?(?:url|link)s?:?|copy (?:url|link)"),
    ResidueRule(
        "follow", "invitations to follow somebody", rf"follow(?: (?:us|me|@\w+))?(?: on(?::? {_NETWORKS})?)?:?"
    ),
    ResidueRule(
        "update-line", "when the page was published or changed", rf"{PAGE_STAMP}(?:[\s|,;•·/–—-]+{PAGE_STAMP})?"
    ),
    ResidueRule(
        "reply-form",
        "the form for comments",
        r"(?:leave|post|write|add|submit)\s+(?:a|your)\s+(?:reply|comment)(?: to .{1,60})?(?: cancel reply)?"
        r"|cancel reply"
        r"|your e-?mail address will not be published\.?(?: required fields are marked\s*\*?\.?)?"
        r"|required fields are marked\s*\*?\.?"
        r"|save my name, e-?mail,?(?: address,?)?(?: and website)? in this browser for the next time i comment\.?"
        r"|you must be logged in to post a comment\.?|(?:log|sign) in to (?:leave a )?(?:comment|reply)"
        r"|notify me of (?:follow-?up|new) (?:comments|posts)(?: (?:by|via) e-?mail)?\.?|post comment|submit comment",
    ),
    ResidueRule(
        "share",
        "buttons for sharing, printing and saving",
        rf"(?:share|tweet|print|pin it|bookmark|retweet|repost|copy link|e-?mail this)"
        rf"|share (?:this|the|your)(?: {_PIECE})?(?: (?:on|via|with) {_NETWORKS})?:?"
        rf"|(?:share|post|send|tweet|pin) (?:it )?(?:this )?(?:on|via|to|by|with) (?:{_NETWORKS}|friends|a friend):?"
        rf"|share:? {_NETWORKS}|shares?:? ?\d[\d,.]*k?|\d[\d,.]*k? (?:shares|tweets|retweets)"
        rf"|(?:tweet|print|save|e-?mail|bookmark|listen to|gift|like) this(?: {_PIECE})?:?"
        rf"|click (?:here )?to (?:print|share|e-?mail|tweet)(?: this)?(?: {_PIECE})?(?: a link to a friend)?"
        rf"(?: (?:on|via|with) {_NETWORKS})?(?: ?\(opens in new window\))?:?"
        rf"|(?:share|tweet|print|save|{_NETWORK})(?:(?:\s*[|/•·]\s*|\s+)(?:share|tweet|print|save"
        rf"|{_NETWORK}))+",
    ),
    ResidueRule(
        "cookies",
        "what is asked about cookies",
        r"(?:accept|reject|allow|decline|manage)(?: (?:all|our|non-essential|optional|necessary))? cookies?"
        r"(?: settings| preferences)?|cookie (?:settings|preferences|policy|notice|consent)|accept all|reject all"
        r"|(?:this|our) (?:web)?site uses cookies(?: to [^.!?]{1,90})?\.?(?: (?:accept|learn more|read more|ok))?"
        r"|we (?:and our partners )?use cookies(?: on (?:this|our) (?:web)?site)?(?: to (?:improve|enhance|ensure|give"
        r"|personali[sz]e|provide|offer|analy[sz]e|make sure|deliver|optimi[sz]e) [^.!?]{1,90})?\.?"
        r"|by (?:continuing|using|browsing)[^.!?]{0,50} (?:site|website|browse)[^.!?]{0,20}"
        r" you (?:agree|consent) to [^.!?]{0,40}cookies?\.?",
    ),
    ResidueRule(
        "newsletter",
        "invitations to subscribe or to sign up",
        r"subscribe(?: now| today| here)?!?|(?:subscribe|sign up)(?: (?:now|today|here|free))? (?:to|for)"
        r" (?:our|the|this) (?:[\w’'-]+ ){0,3}(?:newsletters?|channel|mailing list|alerts|updates|podcast|briefing)"
        r"(?: (?:now|today))?[.!]?"
        r"|sign up (?:now|today|here|free)!?|(?:get|receive) (?:our|the) (?:[\w’'-]+ ){0,4}newsletters?"
        r"(?: (?:in|to) your inbox)?[.!]?|get (?:the|our) (?:latest|daily|top) (?:news|stories|headlines)"
        r"(?: (?:in|to|delivered to|straight to) your inbox)?[.!]?|(?:enter )?your e-?mail address:?"
        r"|newsletter sign-?up"
        r"|join our (?:whatsapp|telegram) (?:channel|group)[.!]?|already a subscriber\? (?:log|sign) in\.?",
    ),
    ResidueRule(
        "advertisement",
        "labels of advertisements",
        r"advertise?ments?|sponsored(?: content| links?)?|promoted(?: content)?|paid content"
        r"|(?:story|article) continues (?:below|after)(?: (?:this )?advertise?ments?)?"
        r"|advertise?ment[ :.–—-]+(?:scroll to continue|continue reading(?: below)?)|scroll to continue|remove ads",
    ),
    ResidueRule(
        "navigation",
        "links to elsewhere",
        r"skip to (?:the )?(?:main )?(?:content|navigation|menu|search)|skip (?:ad|advertisement)"
        r"|read (?:more|also|next|full (?:article|story)|the full (?:article|story))"
        r"|(?:see|show|view|load) (?:more|all)(?: (?:articles|stories|news|comments|posts))?|continue reading"
        r"|learn more"
        r"|(?:related|recommended|popular|trending|latest|more|similar|most read|most viewed|recent)"
        r" (?:articles?|stories|story|posts?|news|topics|tags|content|videos)|most (?:read|viewed|popular|shared)"
        r"|you (?:may|might) (?:also )?(?:like|be interested in)|recommended for you|more from (?:the|this) author"
        r"|(?:back|return|scroll|go) to (?:the )?top|back to (?:home|homepage|news|results)"
        r"|(?:previous|next|prev)(?:/next)? (?:article|post|story|page)"
        r"|(?:open|close|toggle|main) (?:menu|navigation|search)"
        r"|view comments|table of contents toggle|home\s*[>»/|]\s*(?:news|world|business|opinion|sports?)"
        r"(?:\s*[>»/|]\s*[\w ]{1,30})?",
    ),
    ResidueRule(
        "reading-time",
        "how long reading takes",
        r"(?:reading time|read time|estimated reading time)\s*:?\s*(?:less than |about |~ ?)?(?:\d+|a)\s*"
        r"(?:min(?:ute)?s?|seconds?)\.?(?: read)?|\d+[ -]?min(?:ute)?s?\.?[ -](?:read|reading)(?: time)?"
        r"|listen(?: to (?:this )?article)? ?\(?\d+ ?min(?:utes?)?\)?",
    ),
    ResidueRule(
        "counter",
        "counts of comments and views",
        r"(?:no|\d[\d,.]*k?) (?:comments?|views|likes|reads|replies)"
        r"|(?:comments?|views|likes)\s*[:(]\s*\d[\d,.]*k?\s*\)?"
        r"|comments (?:are )?(?:off|closed|disabled)\.?",
    ),
    ResidueRule(
        "copyright",
        "the footer that claims the rights",
        rf"(?:copyright\s*)?(?:©|\(c\))\s*(?:copyright\s*)?(?:\d{{4}}(?:\s*[-–]\s*\d{{2,4}})?,?\s*)?{_PARTY}?"
        rf"[.,|–—-]?\s*all rights reserved\.?"
        rf"|(?:copyright\s*)?©\s*(?:copyright\s*)?\d{{4}}(?:\s*[-–]\s*\d{{2,4}})?(?:,? {_PARTY})?"
        rf"|copyright \d{{4}}(?:\s*[-–]\s*\d{{2,4}})?,? {_PARTY}\.? all rights reserved\.?|all rights reserved\.?"
        r"|(?:terms of (?:use|service)|privacy policy|contact us|about us)"
        r"(?:\s*[|•·/]\s*(?:terms of (?:use|service)|privacy policy|contact us|about us))*",
    ),
)
"""The rules, in the order in which they are tried."""

REPEATED_HEADLINE, REPEATED_CAPTION = "repeated-headline", "repeated-caption"

_COMPILED = tuple((rule.name, re.compile(rule.pattern, re.IGNORECASE)) for rule in RULES)
# Words that are a heading or a term elsewhere, with nothing around that would tell a button.
_WEAK = re.compile(
    r"follow|share|tweet|print|pin it|bookmark|retweet|repost|subscribe|learn more|sponsored|promoted|accept all"
    r"|reject all"
    r"|(?:advertise?ment|share)s?|copyright|all rights reserved|privacy policy|terms of (?:use|service)"
    r"|contact us|about us|related (?:topics|content)|cookie (?:policy|notice|consent)"
    r"|(?:most|recent|latest|popular|trending) .*",
    re.IGNORECASE,
)
_LABEL = re.compile(r"advertise?ments?", re.IGNORECASE)


def residue_rule(line: str) -> str | None:
    """The name of the rule that the whole of `line` matches."""
    if len(line) > LONGEST_RESIDUE:
        return None
    bare = " ".join(line.split()).strip(_ORNAMENT)
    if not bare:
        return None
    return next((name for name, pattern in _COMPILED if pattern.fullmatch(bare)), None)


def is_prose(line: str) -> bool:
    """Whether `line` is at least a sentence."""
    return len(line) > PROSE_CHARACTERS and bool(_SENTENCE_END.search(line))


def without_residue(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], Counter[str]]:
    """The blocks that belong to the work, and how many lines each rule took away.

    Rows of tables stay whatever they say, and so do items of a list that a colon announces.
    """
    counts: Counter[str] = Counter()
    kept = _without_furniture(blocks, counts)
    return tuple(_without_repeated([block for _, block in kept], [at for at, _ in kept], counts)), counts


def _without_furniture(blocks: Sequence[Block], counts: Counter[str]) -> list[tuple[int, Block]]:
    """The blocks that are no furniture, with their positions among all."""
    trimmed = [_trimmed(block, counts) for block in blocks]
    rules = [_rules_of(block) for block in trimmed]
    announced = _announced_items(trimmed)
    prose = [position for position, block in enumerate(trimmed) if is_prose(block.text)]
    kept = []
    for position, block in enumerate(trimmed):
        if rules[position] and position not in announced and _is_furniture(block, position, rules, prose):
            counts.update(rules[position])
        else:
            kept.append((position, block))
    return kept


def _rules_of(block: Block) -> list[str]:
    """The rules that the lines of `block` match; none when one of them matches none."""
    if block.kind is BlockKind.ROW or len(block.text) > LONGEST_RESIDUE:
        return []
    rules = [residue_rule(line) for line in block.text.split("\n") if line.strip()]
    return [rule for rule in rules if rule] if all(rules) else []


def _is_furniture(block: Block, position: int, rules: Sequence[Sequence[str]], prose: Sequence[int]) -> bool:
    """Whether a line that a rule matches is meant as furniture: a lone word can be a heading or a term of the work."""
    line = block.text.strip(_ORNAMENT)
    if not _WEAK.fullmatch(line):
        return True
    neighbours = (*rules[max(position - 1, 0) : position], *rules[position + 1 : position + 2])
    if any(neighbours):
        return True
    prose_follows = bool(prose) and position < prose[-1]
    if block.kind is BlockKind.HEADING:
        return not prose_follows
    inside = bool(prose) and prose[0] < position < prose[-1]
    return not inside or bool(_LABEL.fullmatch(line))


def _announced_items(blocks: Sequence[Block]) -> set[int]:
    """Positions of the items of lists above which a line ends in a colon."""
    announced: set[int] = set()
    for position, (above, block) in enumerate(pairwise(blocks), start=1):
        if block.kind is BlockKind.ITEM and (
            position - 1 in announced or (above.kind is not BlockKind.ITEM and above.text.rstrip().endswith(":"))
        ):
            announced.add(position)
    return announced


def _trimmed(block: Block, counts: Counter[str]) -> Block:
    """`block` without furniture in its first and last lines, where it has several and the furniture is set apart."""
    if block.kind is BlockKind.ROW or "\n" not in block.text.strip():
        return block
    lines = [line for line in block.text.split("\n") if line.strip()]
    rules = [residue_rule(line) for line in lines]
    first = next((position for position, rule in enumerate(rules) if rule is None), None)
    if first is None:
        return block
    last = next(position for position in range(len(lines) - 1, -1, -1) if rules[position] is None)
    # Of a sentence that is only wrapped here every word stays.
    if lines[first].lstrip()[0].islower() or _is_lone_word(lines[:first]):
        first = 0
    if not _ends_line(lines[last]) or _is_lone_word(lines[last + 1 :]):
        last = len(lines) - 1
    counts.update(rule for rule in (*rules[:first], *rules[last + 1 :]) if rule)
    return replace(block, text="\n".join(lines[first : last + 1]))


def _ends_line(line: str) -> bool:
    return line.rstrip()[-1] in ".!?…\"'”’»)]"


def _is_lone_word(lines: Sequence[str]) -> bool:
    return len(lines) == 1 and bool(_WEAK.fullmatch(lines[0].strip(_ORNAMENT)))


def _without_repeated(blocks: Sequence[Block], positions: Sequence[int], counts: Counter[str]) -> Iterator[Block]:
    """The blocks but for headlines and captions that the top of a page says twice, and lines doubled beside prose."""
    texts = [clean_line(block.text) for block in blocks]
    repeated = dict(_repeated_in_top(blocks, texts[: _top(texts, positions)]))
    for at in range(1, len(blocks)):
        if at not in repeated and _is_doubled(at, blocks, texts):
            repeated[at] = REPEATED_CAPTION
    counts.update(repeated.values())
    headlines = (blocks[at] for at, rule in repeated.items() if rule == REPEATED_HEADLINE)
    declared = next((block for block in headlines if block.kind is BlockKind.HEADING), None)
    for at, block in enumerate(blocks):
        if at == 0 and declared and block.kind is not BlockKind.HEADING:
            yield replace(declared, page=block.page)
        elif at not in repeated:
            yield block


def _repeated_in_top(blocks: Sequence[Block], top: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Positions in the top of a page where it says something again, with the rule."""
    seen: dict[str, int] = {}
    for at, text in enumerate(map(str.casefold, top)):
        if blocks[at].kind in (BlockKind.ROW, BlockKind.ITEM):
            continue
        first = seen.setdefault(text, at)
        if first == 0 and at:
            yield at, REPEATED_HEADLINE
        elif first != at and len(text.split()) >= FEWEST_CAPTION_WORDS:
            yield at, REPEATED_CAPTION


def _top(texts: Sequence[str], positions: Sequence[int]) -> int:
    """How many blocks the top of a page has: those above the first prose.

    A caption that reads like prose is in it where the headline follows again and furniture was between them. There is
    no top where no prose follows: a poem or a list has no headline to repeat.
    """
    if not texts or is_prose(texts[0]):
        return 0
    near = range(1, min(len(texts), LONGEST_TOP))
    prose = [at for at in near if is_prose(texts[at])]
    if not prose:
        return 0
    again = next((at for at in near if texts[at].casefold() == texts[0].casefold()), 0)
    is_page = again > prose[0] and positions[again] - positions[0] > again
    if is_page and sum(at < again for at in prose) == 1:
        return again + 1
    return prose[0]


def _is_doubled(position: int, blocks: Sequence[Block], texts: Sequence[str]) -> bool:
    """Whether a line is that above it again. A doubled line among short ones may be verse, and stays."""
    if any(blocks[at].kind in (BlockKind.ROW, BlockKind.ITEM) for at in (position - 1, position)):
        return False
    if texts[position] != texts[position - 1] or len(texts[position].split()) < FEWEST_CAPTION_WORDS:
        return False
    beside = texts[max(position - 2, 0) : position + 2]
    return any(is_prose(text) for text in beside)
