"""An answer on the terminal."""

from rich.console import Console
from rich.text import Text

from qa.search import Answer, Hit
from qa.verdict import VerdictLabel


def print_answer(answer: Answer) -> None:
    """Print the verdict, then each passage with its evidence marked and its citation."""
    console = Console(highlight=False, markup=False)
    soft_wrap = not console.is_terminal  # a quotation that is piped on keeps its lines
    if answer.corrections:
        taken = ", ".join(f"{correction.word} as {correction.replacement}" for correction in answer.corrections)
        console.print(Text(f"Took {taken}."))
    console.print(_verdict(answer))
    if answer.absent:
        console.print(Text(f"No passage contains: {', '.join(answer.absent)}", style="yellow"))
    if answer.unread_files and not answer.verdict.answered:
        told = f"Files that may answer but could not be read: {answer.unread_files} (citebox status tells why)"
        console.print(Text(told, style="yellow"))
    independence = answer.independence
    if independence.independent_texts < independence.documents:
        told = f"{independence.documents} documents, independent texts: {independence.independent_texts}"
        console.print(Text(told, style="dim"))
    for hit in answer.hits:
        console.print()
        console.print(Text(f"[{hit.rank}] {hit.citation.title}", style="bold"))
        console.print(_marked(hit), soft_wrap=soft_wrap)
        if console.no_color or not console.is_terminal:  # where a mark cannot be seen, the evidence is quoted
            for evidence in hit.evidence:
                console.print(Text(f"→ {evidence.text}"), soft_wrap=soft_wrap)
        console.print(Text(hit.citation.label, style="dim"), soft_wrap=soft_wrap)
        for copy in hit.also_in:
            console.print(Text(f"also in {copy.path}", style="dim"))


def _verdict(answer: Answer) -> Text:
    if not answer.hits:
        return Text("No passage passes these filters and exclusions.", style="bold yellow")
    match answer.verdict.label:
        case VerdictLabel.ANSWERED:
            return Text("These passages seem to answer this:", style="bold green")
        case VerdictLabel.POSSIBLY:
            return Text("These passages possibly answer this:", style="bold yellow")
        case VerdictLabel.NOT_HERE:
            return Text("The answer does not seem to be in these documents. The nearest passages:", style="bold yellow")
        case VerdictLabel.UNCALIBRATED:
            told = "The nearest passages. Whether they answer is not known for this model: see citebox calibrate --help"
            return Text(told, style="bold yellow")


def _marked(hit: Hit) -> Text:
    """The passage with its evidence in colour."""
    text = Text(hit.passage.text)
    for evidence in hit.evidence:
        text.stylize("bold black on yellow", evidence.start, evidence.end)
    return text
