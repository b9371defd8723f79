"""What Slack's error words mean to us.

Slack answers most refusals with HTTP 200 and `ok: false`. A word that is missing here decides nothing: the message may
have been posted, and can be looked up.

Source: the error tables of chat.postMessage, chat.update and chat.delete on docs.slack.dev.
"""

from __future__ import annotations

from channels.chat.refusals import rejected
from channels.contract import Blame, Deferred, Fault, Uncertain
from channels.transport.outcomes import Failure


def _limited(words: dict[str, str]) -> dict[str, Failure]:
    return {
        word: Deferred(Fault(Blame.PROVIDER, "rate-limited", reason, word), route_wide=True)
        for word, reason in words.items()
    }


def _uncertain(words: dict[str, str]) -> dict[str, Failure]:
    return {word: Uncertain(Fault(Blame.PROVIDER, "provider-error", reason, word)) for word, reason in words.items()}


CODES: dict[str, Failure] = {
    **_limited(
        {
            "ratelimited": "Slack asks for less.",
            "rate_limited": "Slack asks for less.",
            "message_limit_exceeded": "The workspace has reached its message limit.",
        },
    ),
    **_uncertain(
        {
            "internal_error": "Slack failed and does not say whether it posted the message.",
            "fatal_error": "Slack failed, and part of the request may have been done.",
            "request_timeout": "Slack did not get the request in time.",
            "service_unavailable": "Slack is unavailable.",
            "team_added_to_org": "The workspace is being moved into an organisation.",
        },
    ),
    **rejected(
        Blame.RECIPIENT,
        "unknown-destination",
        {
            "channel_not_found": "Slack knows no such channel or user, or the app cannot see it.",
            "user_not_found": "Slack knows no such user.",
            "is_archived": "The channel is archived.",
            "cannot_reply_to_message": "Nobody may reply to this message.",
            "messages_tab_disabled": "The user cannot get messages from this app.",
        },
    ),
    **rejected(
        Blame.RECIPIENT,
        "not-allowed-there",
        {
            "not_in_channel": "The app is not in the channel; invite it or grant chat:write.public.",
            "restricted_action": "A workspace preference keeps the app from posting there.",
            "restricted_action_read_only_channel": "The channel is read-only.",
            "restricted_action_thread_only_channel": "Only replies may be posted in the channel.",
            "restricted_action_non_threadable_channel": "No replies may be posted in the channel.",
            "restricted_action_thread_locked": "The thread is locked.",
            "ekm_access_denied": "Administrators have suspended posting in the channel.",
        },
    ),
    **rejected(
        Blame.MESSAGE,
        "too-long",
        {
            "msg_too_long": "The text is too long for Slack.",
            "msg_blocks_too_long": "The blocks are too long for Slack.",
            "metadata_too_large": "The metadata is too large for Slack.",
        },
    ),
    **rejected(
        Blame.MESSAGE,
        "refused",
        {
            "no_text": "The message has no text.",
            "invalid_blocks": "Slack does not accept the blocks.",
            "invalid_blocks_format": "Slack cannot read the blocks.",
            "too_many_attachments": "The message has too many attachments.",
            "attachment_payload_limit_exceeded": "The attachments are too large.",
            "invalid_arguments": "Slack does not accept the arguments.",
            "invalid_metadata_format": "Slack cannot read the metadata.",
            "invalid_metadata_schema": "Slack does not accept the metadata.",
            "metadata_must_be_sent_from_app": "Only an app's token may send metadata.",
            "markdown_text_conflict": "Text was given in two forms.",
        },
    ),
    **rejected(
        Blame.ACCOUNT,
        "not-allowed",
        {
            "invalid_auth": "Slack does not accept the token.",
            "not_authed": "No token was given.",
            "account_inactive": "The token's user or workspace is gone.",
            "token_revoked": "The token has been revoked.",
            "token_expired": "The token has expired.",
            "missing_scope": "The app lacks a permission.",
            "no_permission": "The app lacks a permission.",
            "not_allowed_token_type": "The token is of the wrong type.",
            "org_login_required": "The workspace is being moved and takes no messages.",
            "app_access_restricted": "Administrators have restricted the app.",
            "access_denied": "Slack refuses the app access.",
            "accesslimited": "Slack refuses access from this network.",
            "team_access_not_granted": "The app has no access to this workspace.",
            "enterprise_is_restricted": "The method is not open to this organisation.",
            "two_factor_setup_required": "The workspace demands two-factor authentication.",
            "ekm_access_revoked": "Administrators have revoked access.",
        },
    ),
}

#: What is meant by words that only editing knows, or that mean something else there.
AMENDING: dict[str, Failure] = {
    **CODES,
    **_uncertain({"update_failed": "Slack failed to edit the message, or failed to say that it did."}),
    **rejected(Blame.MESSAGE, "gone", {"message_not_found": "The message is not there any more."}),
    **rejected(
        Blame.MESSAGE,
        "not-editable",
        {
            "cant_update_message": "The app may not edit this message.",
            "edit_window_closed": "The workspace allows no editing of messages this old.",
            "is_inactive": "The message, or where it stands, cannot be edited any more.",
            "block_mismatch": "Slack does not allow these blocks in place of the former ones.",
        },
    ),
}

#: The same for deleting. That the message is not there any more is no failure, and stands in the adapter.
RETRACTING: dict[str, Failure] = {
    **CODES,
    **rejected(
        Blame.MESSAGE,
        "not-deletable",
        {
            "cant_delete_message": "The app may not delete this message.",
            "compliance_exports_prevent_deletion": "The workspace keeps every message for its compliance.",
        },
    ),
}
GONE = "message_not_found"
NO_THREAD = "thread_not_found"
