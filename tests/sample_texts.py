"""The texts of the sample's binary documents; `tests.write_sample` writes them. Amounts in them are worked examples."""

from dataclasses import dataclass, field
from datetime import datetime

AUTHOR = "Citebox sample brief"
ADDRESS = "briefs@citebox.example"


@dataclass(frozen=True)
class Items:
    """A list, or the steps of a procedure."""

    lines: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True)
class Table:
    """A table with its caption; the first row names the columns."""

    caption: str
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Section:
    """A heading and what stands under it: paragraphs, lists, tables."""

    heading: str
    body: tuple[str | Items | Table, ...]


@dataclass(frozen=True)
class Text:
    """A document: its title, its day, what stands before the first heading, and its sections."""

    title: str
    date: datetime
    opening: tuple[str, ...]
    sections: tuple[Section, ...] = field(default=())

    def paragraphs(self) -> list[str]:
        """Its paragraphs in order, without headings, lists and tables."""
        inside = (part for section in self.sections for part in section.body)
        return [*self.opening, *(part for part in inside if isinstance(part, str))]


LONG_HAUL = Text(
    "The long haul: what it costs to ship Russian oil to Karachi",
    datetime(2026, 4, 8, 9),
    (
        "A barrel that is cheap on the Baltic is not yet cheap in Karachi. Between the two lie a voyage of several "
        "weeks, a canal, an insurance policy and a harbour that cannot take every ship. This report goes through the "
        "costs in the order in which a shipper meets them. All amounts are worked examples; none of them is taken from "
        "a contract.",
    ),
    (
        Section(
            "Two coasts, two voyages",
            (
                "Tankers with crude for Asia load in two regions of European Russia. From Primorsk on the Gulf of "
                "Finland to Karachi the way through the Suez Canal measures about 7,000 nautical miles. From "
                "Novorossiysk on the Black Sea it is a little over 4,000. A ship that makes thirteen knots needs 23 "
                "days for the first voyage and 13 for the second, without the time spent waiting at the canal.",
                "When ships are under attack in the Red Sea, owners send them round the Cape of Good Hope. The voyage "
                "from the Baltic then grows to more than 12,000 nautical miles, and a passage in one direction takes "
                "close to forty days. A tanker from the upper Gulf, by contrast, is in Karachi after three.",
            ),
        ),
        Section(
            "A day has a price",
            (
                "Whoever charters a ship pays for it by the day, whether it sails or waits. Our example is a tanker "
                "with 100,000 tonnes of crude on board and a hire of 40,000 dollars a day. The canal voyage from the "
                "Baltic and the return without cargo occupy it for 46 days, so that the hire alone comes to 1.84 "
                "million dollars. Fuel adds about 0.9 million, and canal tolls and harbour dues another 0.6 million.",
                "The sum is 3.34 million dollars for the cargo, or 33 dollars and 40 cents for each tonne. A tonne of "
                "crude is a little more than seven barrels, and the freight is therefore about 4 dollars and 60 cents "
                "a barrel. The same calculation for a cargo from the Gulf, with eight days there and back, stays below "
                "one dollar. A Baltic cargo has to be cheaper by more than three and a half dollars a barrel before "
                "the buyer gains anything at all.",
            ),
        ),
        Section(
            "Who insures the ship",
            (
                "A tanker without cover against oil spills is turned away by every careful harbour master. Most of "
                "the world's large ships are insured by mutual clubs, the best known of which are in London and in "
                "Scandinavia. Since December 2022 the clubs of the Group of Seven and of the European Union may cover "
                "a tanker with Russian crude only if the cargo was sold at or below the price cap.",
                "A seller who wants more than the cap must find cover elsewhere. Russian insurers offer it, but the "
                "port authority has to decide whether it believes in their ability to pay. The question is practical "
                "and not political: after a spill off Karachi the fishermen of the coast would ask who compensates "
                "them, and an unknown insurer in a distant country is a poor answer.",
            ),
        ),
        Section(
            "The last miles",
            (
                "The oil piers of Karachi take tankers of up to about 75,000 tonnes deadweight. A ship with a full "
                "cargo of 100,000 tonnes therefore cannot come alongside. It has to hand over part of its load to a "
                "smaller vessel first, in sheltered water and in calm weather. From June to "
                "September the monsoon makes such transfers slow and sometimes impossible.",
                "The transfer costs twice. A second ship has to be hired, and the first one waits while the pumps run. "
                "In our example the second ship, the tugs and four days of waiting add 0.5 million dollars, which is "
                "another five dollars a tonne. Sending two smaller tankers from the start avoids the transfer, but "
                "two small ships cost more to run than one large one.",
            ),
        ),
        Section(
            "What would lower the bill",
            (
                "Three measures are within reach of the two governments. A regular timetable would let the charterer "
                "take a ship for a year, which is as a rule cheaper by the day than a ship for one voyage. A return "
                "cargo would spread the cost of the way back; a crude tanker cannot carry rice or cotton, but a "
                "product tanker that brings diesel can take other clean liquids home. An agreed list of insurers "
                "would spare each ship the discussion at the harbour gate.",
                "A fourth measure is often named and helps little: buying a ship. A tanker of its own "
                "frees the importer from the market only when rates are high, and it has to be manned and repaired "
                "when they are low. For a handful of voyages a year the market remains the better owner.",
            ),
        ),
        Section(
            "Reading the result",
            (
                "The calculation is simple and its inputs change every week. Its use lies in the proportions. Hire is "
                "the largest item, and it grows with every day of waiting; tolls and dues hardly matter. A negotiator "
                "who can save the ship ten days has gained more than one who haggles over the tolls.",
            ),
        ),
    ),
)

SCENARIOS = Text(
    "Three paths to 2030: a scenario exercise on oil cargoes",
    datetime(2026, 4, 15, 9),
    (
        "Nobody knows how much Russian oil Pakistan will buy in 2030. A scenario exercise does not pretend to know; it "
        "asks what each of several futures would require. The figures below were invented for the exercise in round "
        "numbers. They record no delivery and forecast none.",
    ),
    (
        Section(
            "How the exercise works",
            (
                "Three paths begin in the same year and lead to different ends. The low path is a trade that fades "
                "out: each cargo is negotiated singly, and one day nobody negotiates the next. The middle path is a "
                "trade that becomes ordinary, with a small contract that is renewed from year to year. The high path "
                "assumes a treaty, a bank that handles the payments and a refinery that has been rebuilt for heavier "
                "crude.",
                "The participants were given the table and one question: what must have happened by 2028 for the path "
                "to be the true one?",
            ),
        ),
        Section(
            "The figures",
            (
                "All amounts are thousands of tonnes of crude in a calendar year.",
                Table(
                    "Table 1. Cargo volumes by year on the three paths, in thousand tonnes",
                    (
                        ("Year", "Low path", "Middle path", "High path"),
                        ("2026", "200", "400", "600"),
                        ("2027", "200", "600", "1,000"),
                        ("2028", "100", "800", "1,500"),
                        ("2029", "100", "900", "2,100"),
                        ("2030", "0", "1,000", "2,800"),
                        ("All five years", "600", "3,700", "8,000"),
                    ),
                ),
                "The high path ends with 28 cargoes of 100,000 tonnes a year, which is more than one every two weeks. "
                "The middle path ends with ten. The difference between the two is a matter of organisation rather "
                "than of appetite: a trade of ten cargoes can be run by one desk in a state company, while a trade of "
                "28 needs a department.",
            ),
        ),
        Section(
            "What each path requires",
            (
                "The low path requires nothing. This is its strength, and the participants thought it the likeliest "
                "outcome if no decision is taken.",
                "The middle path requires a framework for payment that survives a change of government in Islamabad. "
                "It also requires that one refinery accepts a fixed share of Russian crude in its diet, so that the "
                "buyer is not looking for a customer each time a ship is offered.",
                "The high path requires all of this and three things more. Storage for at least 300,000 tonnes has to "
                "be built near the coast. A residue unit has to be working in one refinery by the end of 2028. "
                "And the sellers have to accept a currency in which Pakistan earns something.",
            ),
        ),
        Section(
            "What the participants concluded",
            (
                "The year 2028 is the fork. Until then the three paths look alike from outside, because a busy year "
                "of single cargoes can reach the volume of a small contract. After 2028 they part, since tanks and "
                "residue units are visible from the road.",
                "The group put the odds at five in ten for the low path, four in ten for the middle path and one in "
                "ten for the high path. Two members dissented and wished to exchange the first two numbers. Nobody "
                "wished to raise the third.",
            ),
        ),
        Section(
            "A warning to readers",
            (
                "Tables of this kind travel without their captions. Whoever quotes a number from Table 1 should say "
                "that it was made up for a scenario. A figure that loses this remark on the way becomes a rumour with "
                "a decimal point.",
            ),
        ),
    ),
)

GAUGES = Text(
    "Changing gauge: how goods could pass from Pakistani to Russian rails",
    datetime(2026, 4, 22, 9),
    (),
    (
        Section(
            "Preface",
            (
                "This study was written for readers who know trade but not railways. It explains what happens to a "
                "load of goods at a place where the width of the track changes, and why that place decides how long "
                "a journey takes. It describes methods, not plans: no government has adopted anything that is said "
                "here.",
                "The study has two pages of front matter, numbered in Roman figures, and three chapters.",
            ),
        ),
        Section(
            "Summary",
            (
                "Between Karachi and Moscow by way of Iran a load meets three widths of track. Each change can be "
                "made in one of three ways: by moving the goods, by moving the container, or by changing the wheels.",
                "Moving containers is the cheapest way for small volumes. The study recommends to begin with "
                "containers only and to leave grain, coal and liquids for later.",
            ),
        ),
        Section(
            "Chapter 1. Three widths",
            (
                "Pakistan inherited the broad gauge of British India, which is 1,676 millimetres between the rails. "
                "Iran built its main lines in the standard gauge of 1,435 millimetres. The railways that the Russian "
                "Empire and the Soviet Union laid down measure 1,520 millimetres.",
                "The line from Quetta reaches the Iranian network at Zahedan. Since 2009 a railway from Kerman has "
                "met it there, and the two gauges face each other in the same town. In the north the standard gauge "
                "ends at Sarakhs and at Incheh Borun, on the border with Turkmenistan. Whoever sends a load along "
                "this route has to plan for two changes.",
            ),
        ),
        Section(
            "Chapter 2. Three ways to change",
            (
                "The oldest way is to unload. Sacks and crates are carried from one train to the other by hand or by "
                "fork-lift. A gang of twelve can empty a covered wagon in about three hours, and something is broken "
                "or missing in every tenth one.",
                "The second way is to lift. A container stays closed, and a crane sets it down on a wagon of the "
                "other gauge. One crane moves twenty containers in an hour when both trains stand side by side. The "
                "seal of the customs officer stays on the door, which is worth more than the time that is saved, "
                "because a sealed box need not be inspected again at the "
                "next frontier.",
                "The third way is to change the wheels. The wagon is raised on jacks, its bogies are rolled away and "
                "others are rolled under it. Passenger trains between Moscow and Beijing have been treated like this "
                "for decades. For goods it is slow: a team needs a quarter of an hour for each wagon and a yard full "
                "of spare bogies.",
            ),
        ),
        Section(
            "Chapter 3. What to build first",
            (
                "A station that only lifts containers needs two parallel tracks, one crane, a paved yard and a "
                "customs office with a good connection to the computers of both railways. In our estimate such a "
                "station can be ready two years after the money is there. A hall for changing bogies takes twice as "
                "long.",
                "We would build at Zahedan first. The town has tracks of both gauges already, a customs post and a "
                "road on which lorries can take over when the line is closed by sand. The northern change can wait, "
                "since the stations on the border with Turkmenistan are used by the trade of other countries and "
                "have cranes.",
                "The dullest part of the work is the most important one. A consignment note that is valid in one "
                "country has to be accepted in the next. Two systems exist, one in Western Europe and its neighbours "
                "and one in the successor states of the Soviet Union, and a joint form for both has been in use since "
                "2006. Using the joint form from the first day costs nothing and saves a day at each border.",
            ),
        ),
    ),
)

LNG_CONTRACT = Text(
    "Anatomy of an LNG contract: a guide for non-lawyers",
    datetime(2026, 4, 10, 9),
    (
        "Officials speak of frameworks, sellers speak of contracts, and the two words are easily confused. This guide "
        "goes through the clauses of a long-term contract for liquefied natural gas and says of each what it does. The "
        "clauses are typical of the trade; no particular contract is described.",
    ),
    (
        Section(
            "Quantity",
            (
                "A long-term contract names an annual quantity and a number of years, often between ten and twenty. "
                "The buyer promises to pay for most of the quantity even if he cannot use it. This promise is called "
                "take-or-pay, and it is what the seller's bank lends against. A buyer who needs less in a mild winter "
                "may as a rule make up the difference in a later year.",
            ),
        ),
        Section(
            "Price",
            (
                "Most contracts in Asia tie the price of gas to the price of crude oil by a percentage, which the "
                "trade calls the slope. With a slope of 12 per cent and oil at 70 dollars a barrel, gas costs 8 "
                "dollars and 40 cents per million British thermal units. The alternative is a price taken from a gas "
                "market. Either way a review clause lets both sides reopen the matter every few years.",
            ),
        ),
        Section(
            "Delivery",
            (
                "The contract says where the gas changes hands. Three points have to be settled before the first ship:",
                Items(
                    (
                        "whether the seller brings the gas or the buyer collects it;",
                        "how many days in advance the programme of arrivals is fixed;",
                        "who pays for the gas that evaporates on the way.",
                    )
                ),
                "A terminal that serves several suppliers needs a gap of some days between two ships, so a new "
                "supplier has to fit into the programme of those who came earlier.",
            ),
        ),
        Section(
            "Framework and contract compared",
            (
                Table(
                    "What each paper contains",
                    (
                        ("Point", "Framework", "Contract"),
                        ("Quantity", "a range or nothing", "tonnes for each year"),
                        ("Price", "not mentioned", "formula with a slope"),
                        ("Penalty for not taking", "none", "take-or-pay"),
                        ("Court", "none", "arbitration in a third country"),
                    ),
                ),
                "The table shows why a framework can be signed in an afternoon and a contract takes two years.",
            ),
        ),
        Section(
            "The clause that nobody reads",
            (
                "Every contract frees the parties from their duties when war, storm or an act of government prevents "
                "them from performing. With a seller that may come under sanctions this clause becomes the centre of "
                "the negotiation. The buyer wants sanctions to count as an act of government. The seller wants the "
                "opposite, because otherwise the contract ends on the day it is needed most.",
            ),
        ),
    ),
)

PAYMENT_EXERCISE = Text(
    "Paying for a cargo without dollars: record of a desk exercise",
    datetime(2026, 4, 17, 9),
    (
        "Six participants spent a morning on one question: how can a Pakistani importer pay a Russian seller if no "
        "bank in New York may touch the money? The case was invented. The record keeps the arguments and leaves out "
        "the names.",
    ),
    (
        Section(
            "The case",
            (
                "A refiner in Karachi has bought a cargo worth 45 million dollars. The seller has an account in Moscow "
                "and one in Dubai. The refiner earns rupees. The exercise ends when the seller confirms that he has "
                "been paid in something that he can spend.",
            ),
        ),
        Section(
            "Channels that were examined",
            (
                Table(
                    "Three channels and what the group found",
                    (
                        ("Channel", "What speaks for it", "What stops it"),
                        ("Chinese yuan", "both countries earn yuan", "Chinese banks ask for papers on every cargo"),
                        ("UAE dirham", "close to the traders in Dubai", "tied to the dollar and watched closely"),
                        ("Barter", "needs no bank", "nobody wants 45 million dollars' worth of rice at once"),
                    ),
                ),
                "The yuan won by four votes to two. The minority preferred the dirham because a transfer takes one day "
                "there and five days by way of Shanghai.",
            ),
        ),
        Section(
            "The steps",
            (
                "The group then wrote down what has to happen, in this order:",
                Items(
                    (
                        "The refiner opens a letter of credit in yuan at its bank in Karachi.",
                        "The bank buys yuan from the central bank's swap line with China.",
                        "The seller ships and presents the papers to its bank in Moscow.",
                        "A surveyor in Karachi measures the cargo and signs for the quantity.",
                        "The bank in Karachi releases the payment through the Chinese clearing system CIPS.",
                    ),
                    numbered=True,
                ),
                "The whole chain took 19 days in the exercise. The slowest link was the second step, since the central "
                "bank wanted to know why yuan were needed for oil.",
            ),
        ),
        Section(
            "Lessons",
            (
                "The first lesson is that the currency matters less than the clerk. A payment fails because one "
                "employee in one bank has a doubt and nobody to ask. The participants proposed a single contact "
                "person in each bank, reachable on working days in Karachi and in Moscow.",
                "The second lesson concerns size. Five small payments of nine million each would have drawn less "
                "attention than one of 45 million, and would have cost five times the fees.",
                "The third lesson is a limit. The exercise showed how one cargo can be paid for. It did not show how "
                "to pay for a cargo each month, because the swap line would have been exhausted after the summer.",
            ),
        ),
    ),
)

NEGOTIATION_READER = Text(
    "From handshake to pipeline: a short reader on energy diplomacy",
    datetime(2026, 3, 30, 9),
    (),
    (
        Section(
            "Chapter One: The life of a memorandum",
            (
                "A memorandum of understanding is born in a hurry. The visit is on Thursday, the ministers want to "
                "sign something, and on Monday two officials compare what their files contain. Whatever is ripe enough "
                "to be named and harmless enough to be signed goes into the folder.",
                "What happens afterwards depends on a sentence that is easily overlooked. A good memorandum says who "
                "writes the next paper and by when. A bad one says that the parties will continue their dialogue. "
                "Experienced negotiators count the verbs: to study, to explore and to consider cost nothing, while to "
                "submit, to appoint and to pay have to be carried out by somebody.",
                "The working group is the place where a memorandum lives or dies. It meets in ordinary offices, "
                "without flags, and its members change less often than ministers do. If the group has a secretary who "
                "sends round a list of open points, the paper has a chance. If the list stays with each side, the "
                "second meeting repeats the first.",
                "After two years a memorandum that has led to nothing is renewed. Renewal is a polite form of "
                "burial, and the photograph of the second signing looks exactly like that of the first.",
            ),
        ),
        Section(
            "Chapter Two: Reading a joint statement",
            (
                "Joint statements are written by people who have argued until midnight, and the traces of the argument "
                "can be read. The rule of thumb is that order shows weight. What stands in the first three paragraphs "
                "was agreed easily; what stands near the end, between culture and sport, was the subject of the "
                "quarrel.",
                "Adjectives are the second clue. Talks that are called frank were unpleasant. Talks that are called "
                "useful led to nothing, and constructive ones may lead to something. Where a statement thanks the host "
                "for the warm welcome at unusual length, there was little else to report.",
                "The third clue is what is missing. Compare the statement with that of the year before, line by line. "
                "A project that was praised then and is absent now has run into trouble, even if nobody will say so. "
                "A project that keeps its line word for word has not moved.",
                "Numbers deserve the closest look. A sum without a date is a wish, and a date without a sum is a "
                "deadline for the press office. Only a sum, a date and a name together make a commitment.",
            ),
        ),
    ),
)

HARBOUR_MAIL = Text(
    "Visit to the oil piers: what we were told",
    datetime(2026, 4, 20, 16, 30),
    (
        "Dear colleagues,",
        "Here is a short account of the visit to the oil piers at Keamari, while it is fresh. The harbour office was "
        "friendly and precise. The notes taken on the pier are attached as a text file; please do not pass them on, "
        "since the gauge readings in them have not been checked.",
        "Our host began with a correction. We had written that tankers wait for a berth. What they wait for, he said, "
        "is a tide: the deeper ships come in during the four hours around high water, and a ship that misses its tide "
        "stays outside for half a day. Berths have been free on two days out of three since the beginning of the year.",
        "We asked about crude from Russia. He had no figures to give and referred us to the ministry. He did say that "
        "a heavier grade is harder to pump in January, when the oil is cool, and that the pier keeps steam ready to "
        "warm the lines. Unloading a cold and heavy cargo takes up to ten hours longer than a light one from the Gulf.",
        "On safety he was open. The pier has three fire-fighting tugs, of which one is always under repair. A drill "
        "is held on the first Tuesday of every month. The last drill found that two hydrants had been painted shut, "
        "which caused some laughter and a week of work.",
        "Two things to follow up. First, the harbour office will send us the list of insurers whose certificates it "
        "accepts; I promised that we would not publish it. Second, we are invited to watch a transfer between two "
        "ships, weather permitting, after the monsoon.",
        "With best wishes from Karachi",
        "The sample desk",
    ),
)

HARBOUR_NOTES = """\
Title: Notes from the oil piers at Keamari
Author: Citebox sample brief
Date: 20 April 2026

These notes were written down on the pier and have been put into sentences
since. Readings are those of the instruments as we saw them; nobody has
compared them with the log of the harbour office.

Weather and water

The wind was from the west at eleven knots. High water was at 10.40 in the
morning, and the pilot boat left twenty minutes before it. The water
temperature at the head of the pier was 27 degrees Celsius.

On the pier

Pier 2 was occupied by a product tanker that was unloading diesel through
two arms. Pier 3 was empty and being painted. The steam boiler for heavy
cargo stands behind pier 3 and was cold. The foreman said that it takes six
hours to raise steam.

Remarks

The sign at the gate asks visitors to leave telephones in a box. There were
nine telephones in the box, and five of them were ours.
"""
