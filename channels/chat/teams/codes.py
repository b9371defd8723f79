"""What the workflow service says when it refuses: JSON with `error.code`, and a 4xx status.

None of these codes is listed by Microsoft for webhooks; they are those that users of the service report. Whatever is
missing here counts by its status, which for each of these would lead to the same outcome with a vaguer sentence.
"""

from __future__ import annotations

from channels.chat.refusals import rejected
from channels.contract import Blame
from channels.transport.outcomes import Failure

CODES: dict[str, Failure] = {
    **rejected(
        Blame.ACCOUNT,
        "no-such-service",
        {
            "WorkflowNotFound": "The workflow is gone; make a new one and set its address.",
            "WorkflowTriggerNotFound": "The workflow has no webhook any more; set the address of one that has.",
            "WorkflowTriggerIsNotEnabled": "The workflow is turned off, or its owner has left; turn it on.",
        },
    ),
    **rejected(
        Blame.ACCOUNT,
        "not-allowed",
        {
            "AuthorizationFailed": "The workflow does not accept the address; set the one that it shows now.",
            "DirectApiAuthorizationRequired": "The workflow lets only people of its tenant call; let anyone.",
            "DirectApiInvalidAuthorizationScheme": "The address lacks its signature; set the whole of it.",
        },
    ),
    **rejected(
        Blame.MESSAGE,
        "refused",
        {
            "InvalidRequestContent": "The workflow cannot read the message.",
            "TriggerInputSchemaMismatch": "The workflow expects messages of another form; make it from the template.",
        },
    ),
}
