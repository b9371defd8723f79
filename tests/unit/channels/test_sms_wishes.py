"""What people mean who text back: one table."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from channels.contract import Wish
from channels.sms.wishes import wish

STOPS = (
    # keywords, as a whole
    "STOP",
    "stop",
    " Stop. ",
    "STOP!!!",
    "“Stop”",
    "stop 🛑",
    "STOPALL",
    "Stop all",
    "UNSUBSCRIBE",
    "end",
    "QUIT",
    "revoke",
    "optout",
    "opt-out",
    "Opt out",
    "CANCEL",
    "Stopp",
    "ARRÊT",
    # the words of the rule, politely
    "please stop",
    "Please, stop.",
    "pls stop now",
    "stop please",
    "Please unsubscribe",
    "Please cancel",
    "I want to opt out",
    "I'd like to unsubscribe, thanks",
    "please quit",
    "Please end this",
    "I revoke my consent",
    # in other words
    "please stop texting me",
    "Can you stop sending me these messages?",
    "Could you please stop contacting me",
    "STOP TEXTING ME",
    "stop messaging this number",
    "quit sending texts to me",
    "Stop sending alerts to this number",
    "Hi, I want you to stop sending me texts. Thanks",
    "I want to stop receiving these messages",
    "stop the messages",
    "Don't text me again",
    "Don’t text me anymore",
    "do not contact me",
    "Do not send me any more messages please",
    "Never text this number again!",
    "no more messages",
    "No more texts please",
    "remove me",
    "Remove me from your list",
    "Please take me off this list",
    "please remove my number from the mailing list",
    "delete my number",
    "unsubscribe me from all alerts",
    "opt me out",
    "opting out",
    "cancel my subscription",
    "Cancel these alerts",
    "I don't want these messages",
    "i dont want to receive any more texts from you",
    "leave me alone",
    "Who is this? Stop texting me.",
    "Stop texting me, I'm driving",
    "please stop sending me these messages, I am no customer of yours",
    "Stop, wrong number",
    "STOP - I sold this phone",
    "I'm in a meeting, don't text me",
    "remove me from this list because I left the company",
    "I get too many. Stop.",
    "Not a customer anymore; remove me from your list",
)
STARTS = ("START", "start", "Unstop", "yes", " Start! ")
HELPS = ("HELP", "help", "Info", "help?")
OTHERS = (
    "stop by the office",
    "Stop by the office when you can",
    "when will it stop?",
    "When will this stop",
    "it won't stop",
    "Can you stop the outage?",
    "please stop the bleeding",
    "don't stop",
    "please don't stop texting me",
    "Don't stop sending updates",
    "never stop",
    "non-stop trouble here",
    "bus stop",
    "the alerts stop at 5",
    "Did the messages stop because it is fixed?",
    "stop the server and restart it",
    "cancel my order",
    "please cancel the meeting",
    "I want to cancel our contract",
    "the end",
    "End of the week?",
    "Is this the end. Of what?",
    "We cannot get out of the list view",
    "take me to the list of incidents",
    "remove the old version",
    "Cancel. Not the order, the other thing",
    "If you stop texting me, how do I know?",
    "They told us to look, stop, and listen",
    "we had to restart, end of story",
    "When you stop sending me alerts, is it fixed?",
    "Fix it, and don't stop texting me",
    "the lift, stop 4",
    "I quit my job. What about the outage",
    "our logins end in an error. quit",
    "opt out of what?",
    "yes it works again",
    "start the server?",
    "help me please",
    "thanks",
    "please",
    "no",
    "👍",
    "",
    "   ",
    "停止してください、と言いたい",
)


@pytest.mark.parametrize(
    ("text", "means"),
    [
        *((text, Wish.STOP) for text in STOPS),
        *((text, Wish.START) for text in STARTS),
        *((text, Wish.HELP) for text in HELPS),
        *((text, Wish.OTHER) for text in OTHERS),
    ],
)
def test_wish(text: str, means: Wish) -> None:
    assert wish(text) is means


@given(st.text(max_size=400))
def test_anything_may_be_written(text: str) -> None:
    assert wish(text) in Wish


@pytest.mark.parametrize("word", ["again ", "to from ", "the messages ", "stop ", "please ", "all of the "])
def test_nothing_makes_it_slow(word: str) -> None:
    begun = time.process_time()
    for text in (f"stop sending me {word * 500}x", f"dont text me {word * 7}x", word * 2000):
        wish(text)
    assert time.process_time() - begun < 1.0
