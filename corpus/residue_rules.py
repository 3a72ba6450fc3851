"""Lines of web pages that are copied along with an article: buttons, counters, forms, navigation.

A rule matches a whole line or nothing, so that no sentence of a work is lost to a word it begins with.
"""

import re
from dataclasses import dataclass

from corpus.datelines import PAGE_STAMP

LONGEST_RESIDUE = 200
"""Length in characters of a line that can be residue."""
LONGEST_LINK = 30
"""Length in characters of a link in a line of links."""

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
        r"|logged in as [^.!?]{1,40}\. log out\?"
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
        rf"|add to (?:favou?rites|bookmarks|reading list)"
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
        r"|we (?:value|respect|care about) your privacy"
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
        r"|newsletter sign-?up|unsubscribe"
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
        r"|(?:view|see|show|read|load)(?: all)? (?:\d[\d,.]*k? )?comments"
        r"|table of contents toggle|home\s*[>»/|]\s*(?:news|world|business|opinion|sports?)"
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

_COMPILED = tuple((rule.name, re.compile(rule.pattern, re.IGNORECASE)) for rule in RULES)

# What no work says in a line of its own, wherever it stands.
_UNMISTAKABLE = re.compile(
    r"short(?:ened)? ?urls?:?|advertise?ments?|(?:story|article) continues (?:below|after).*|scroll to continue"
    r"|leave a (?:reply|comment).* cancel reply|your e-?mail address will not be published.*"
    r"|required fields are marked.*|save my name,.*|you must be logged in to .*|notify me of .*|logged in as .*"
    r"|(?:this|our) (?:web)?site uses cookies.*|we (?:and our partners )?use cookies.*"
    r"|by (?:continuing|using|browsing) .*|we value your privacy",
    re.IGNORECASE,
)

# Lines that tell nothing alone, and are furniture directly beside furniture.
_NETWORK_LINE = re.compile(_NETWORKS, re.IGNORECASE)
_COPYRIGHT_LINE = re.compile(
    rf"copyright (?:(?:©|\(c\)) ?)?\d{{4}}(?:\s*[-–]\s*\d{{2,4}})?,? {_PARTY}\.?", re.IGNORECASE
)
_COMPANIONS = (
    ("share", re.compile(rf"{_NETWORKS}|save|listen|gift", re.IGNORECASE)),
    ("reply-form", re.compile(r"(?:comment|name|e-?mail|website)(?: ?\*)?", re.IGNORECASE)),
    ("navigation", re.compile(r"read (?:more|also|next): ?[^.!?]{5,150}[?!]?", re.IGNORECASE)),
    ("copyright", _COPYRIGHT_LINE),
)
_PART_OF_SITE = re.compile(
    r"home(?:page)?|about(?: us)?|contact(?: us)?|privacy(?: policy)?|terms(?: of (?:use|service))?|news|world|business"
    r"|opinion|politics|sports?|culture|science|technology|health|weather|videos?|podcasts?|archive|search|menu|sitemap"
    r"|faq|help|careers|jobs|advertise|subscribe|newsletters?|log ?in|sign (?:in|up)|register|shop|blog|cookies",
    re.IGNORECASE,
)
_PARTS = re.compile(r"\s*[|•·]\s*")


def residue_rule(line: str) -> str | None:
    """The name of the rule that the whole of `line` matches."""
    if len(line) > LONGEST_RESIDUE:
        return None
    bare = _bare(line)
    if not bare:
        return None
    return next((name for name, pattern in _COMPILED if pattern.fullmatch(bare)), None)


def companion_rule(line: str) -> str | None:
    """The name of the rule by which `line` is furniture directly beside furniture, though it tells nothing alone."""
    if len(line) > LONGEST_RESIDUE:
        return None
    bare = _bare(line)
    parts = _PARTS.split(bare)
    known = sum(bool(_PART_OF_SITE.fullmatch(part)) for part in parts)
    if known > 1 and 2 * known >= len(parts) and max(map(len, parts)) <= LONGEST_LINK:
        return "navigation"
    return next((name for name, pattern in _COMPANIONS if pattern.fullmatch(bare)), None)


def is_unmistakable(line: str) -> bool:
    """Whether no work says `line`, wherever it stands."""
    return bool(_UNMISTAKABLE.fullmatch(_bare(line)))


def names_network(line: str) -> bool:
    """Whether `line` is nothing but names of social networks."""
    return bool(_NETWORK_LINE.fullmatch(_bare(line)))


def claims_copyright(line: str) -> bool:
    """Whether `line` says no more than who has the copyright since when."""
    return bool(_COPYRIGHT_LINE.fullmatch(_bare(line)))


def _bare(line: str) -> str:
    return " ".join(line.split()).strip(_ORNAMENT)
