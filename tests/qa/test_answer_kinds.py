"""What kind of answer a question asks for, and which sentences hold one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.answer_kinds import AnswerKind, holds_kind, kind_asked_for


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When did the mill close?", AnswerKind.DATE),
        ("when did the mill close", AnswerKind.DATE),
        ("In what year did it close?", AnswerKind.DATE),
        ("On which day was it signed?", AnswerKind.DATE),
        ("How many licences were awarded?", AnswerKind.NUMBER),
        ("How deep is the harbour?", AnswerKind.NUMBER),
        ("At what price was it sold?", AnswerKind.NUMBER),
        ("What interest rate was agreed?", AnswerKind.NUMBER),
        ("What did the second pipeline cost?", AnswerKind.NUMBER),
        ("Who signed the protocol?", AnswerKind.NAME),
        ("To whom was it sold?", AnswerKind.NAME),
        ("Tell me where it lies.", AnswerKind.NAME),
        ("Since Russia joined, who pays?", AnswerKind.NAME),
    ],
)
def test_a_question_asks_for_a_kind(question: str, kind: AnswerKind) -> None:
    assert kind_asked_for(question) is kind


@pytest.mark.parametrize(
    "question",
    [
        "Why did the mill close?",
        "How did the mill close?",
        "What happens when the oil price falls?",
        "Which minister, who had resigned before, signed?",
        "What did the man who signed it say?",
        "Did the WHO approve the vaccine?",
        "steel mills",
        "Wann schloss das Werk?",
        "",
    ],
)
def test_other_questions_ask_for_anything(question: str) -> None:
    assert kind_asked_for(question) is None


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (AnswerKind.NUMBER, "It awarded 23 of them."),
        (AnswerKind.NUMBER, "It sold for 1,577.5 rupees."),
        (AnswerKind.NUMBER, "Twelve of them were awarded."),
        (AnswerKind.NUMBER, "Hundreds came."),
        (AnswerKind.DATE, "It closed in 2015."),
        (AnswerKind.DATE, "It closed in FY2018."),
        (AnswerKind.DATE, "It closed on 3 March."),
        (AnswerKind.DATE, "In Sept it closed."),
        (AnswerKind.DATE, "It closed on a Tuesday."),
        (AnswerKind.DATE, "It closed in the last century."),
        (AnswerKind.NAME, "It was signed by Novak."),
        (AnswerKind.NAME, "| Signed by | Novak |"),
    ],
)
def test_a_sentence_may_hold_the_kind(kind: AnswerKind, sentence: str) -> None:
    assert holds_kind(kind, sentence, "")


@pytest.mark.parametrize(
    ("kind", "sentence"),
    [
        (AnswerKind.NUMBER, "It awarded some of them."),
        (AnswerKind.DATE, "It closed, and 23 people left."),
        (AnswerKind.DATE, "It sold for 1,577 rupees and 20155 barrels."),
        (AnswerKind.DATE, "It may close, and they march."),
        (AnswerKind.NAME, "It was signed by the minister."),
        (AnswerKind.NAME, ""),
    ],
)
def test_a_sentence_may_hold_nothing_of_the_kind(kind: AnswerKind, sentence: str) -> None:
    assert not holds_kind(kind, sentence, "")


@pytest.mark.parametrize(
    ("question", "sentence", "more"),
    [
        ("How many mills closed in 2015?", "The mills closed in 2015.", " Nine did."),
        ("How many of the two refineries closed?", "Two refineries were closed.", " One was closed."),
        ("When in March 2015 did it close?", "It closed in March 2015.", " That was on 3 March."),
        ("When in 2015 did it close?", "It closed in 2015.", " It was in May."),
        ("Who sold oil to Pakistan?", "They sold oil to Pakistan.", " It came from Lukoil."),
    ],
)
def test_what_the_question_gives_is_no_answer_to_it(question: str, sentence: str, more: str) -> None:
    kind = kind_asked_for(question)
    assert kind is not None
    assert not holds_kind(kind, sentence, question)
    assert holds_kind(kind, sentence + more, question)


@given(kind=st.sampled_from(AnswerKind), question=st.text(), sentence=st.text())
def test_a_sentence_that_repeats_the_question_holds_nothing(kind: AnswerKind, question: str, sentence: str) -> None:
    assert not holds_kind(kind, question, question)
    assert isinstance(holds_kind(kind, sentence, question), bool)
