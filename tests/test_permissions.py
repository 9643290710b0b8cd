"""Every address and who may come in: each URL stands in this table, or the suite fails.

A row says what each of six people gets: nobody (signed out), a person without a role, Bob (may
look and write), Alice (looks after Northwind), Erin (head), Ravi (admin). "in" is any answer but a
refusal: a page, a form shown again, a redirect that is not the sign-in page.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.scene import Scene

PEOPLE = ("nobody", "roleless", "bob", "alice", "erin", "ravi")
IN, LOGIN, NO, GONE = "in", "login", "403", "404"
PARTS = 4


def row(*answers: str) -> dict[str, str]:
    return dict(zip(PEOPLE, answers, strict=True))


OPEN = row(IN, IN, IN, IN, IN, IN)
STAFF = row(LOGIN, IN, IN, IN, IN, IN)
READ = row(LOGIN, GONE, IN, IN, IN, IN)
LOOK_AFTER = row(LOGIN, GONE, NO, IN, IN, IN)
HEADS = row(LOGIN, GONE, NO, NO, IN, IN)
CONFIDENTIAL = row(LOGIN, GONE, NO, IN, IN, NO)
STEER = row(LOGIN, NO, NO, NO, IN, IN)
ROLE = row(LOGIN, NO, IN, IN, IN, IN)
ADMIN = row(LOGIN, NO, NO, NO, NO, IN)


@dataclass(frozen=True)
class Address:
    """Who comes in by which method; `of` names the things of the scene whose keys the path holds."""

    expect: dict[str, str]
    method: str = "get"
    of: tuple[str, ...] = ()
    data: dict[str, Any] = field(default_factory=dict)
    query: str = ""


def get(expect: dict[str, str], *of: str, query: str = "") -> Address:
    return Address(expect, of=of, query=query)


def post(expect: dict[str, str], *of: str, **data: Any) -> Address:
    return Address(expect, "post", of, data)


KEEP_COURSES = row(LOGIN, NO, NO, IN, IN, IN)
IMPORT = row(LOGIN, NO, IN, IN, IN, IN)
OWN_IMPORT = row(LOGIN, NO, GONE, IN, IN, IN)
MINE = row(LOGIN, GONE, GONE, IN, GONE, GONE)
NO_HOOK = row(LOGIN, NO, NO, NO, NO, GONE)  # until one is set up
SHUT = row(GONE, GONE, GONE, GONE, GONE, GONE)
DONE_AFTER_SET_UP = row(GONE, GONE, GONE, GONE, GONE, GONE)

TABLE: dict[str, Address] = {
    # signing in
    "account_login": get(OPEN),
    "account_logout": post(row(LOGIN, LOGIN, LOGIN, LOGIN, LOGIN, LOGIN)),
    "account_inactive": get(OPEN),
    "account_change_password": get(STAFF),
    "account_reset_password": get(OPEN),
    "account_reset_password_done": get(OPEN),
    "account_reset_password_from_key_done": get(OPEN),
    "team:accept_invitation": get(row(GONE, GONE, GONE, GONE, GONE, GONE), "token"),
    # set-up, once
    "dashboards:set_up": get(DONE_AFTER_SET_UP),
    "dashboards:due_preview": get(DONE_AFTER_SET_UP),
    # every day
    "dashboards:today": get(STAFF),
    "dashboards:answer": post(READ, "wait", body="Yes."),
    "dashboards:partner": get(READ, "partner"),
    "dashboards:record": get(READ, "partner"),
    "conversations:log": get(STAFF),
    "conversations:meetings": get(STAFF),
    "conversations:meeting_not_held": post(MINE, "meeting"),
    "conversations:meeting_ask_again": post(MINE, "meeting"),
    "conversations:search": get(STAFF, query="?q=call"),
    "conversations:inbox": get(STAFF),
    "conversations:conversation": get(READ, "conversation"),
    "conversations:reply": post(READ, "conversation", body="Yes."),
    "conversations:later_change": get(READ, "later"),
    "conversations:later_send": post(row(LOGIN, GONE, IN, IN, GONE, GONE), "later"),  # Alice does
    "conversations:later_take_back": post(row(LOGIN, GONE, IN, IN, GONE, GONE), "later"),
    "conversations:keep_reply": post(READ, "conversation", body="Yes."),
    "conversations:writing_now": get(READ, "conversation"),
    "conversations:keep_mail": post(READ, "partner", body="Yes."),
    "conversations:keep_log": post(READ, "partner", body="Yes."),
    "conversations:keep_log_of_nobody": post(STAFF, body="Yes."),
    "conversations:throw_draft": post(MINE, "typed"),
    "conversations:bring_draft_back": post(MINE, "typed"),
    "conversations:take_over": post(READ, "conversation"),
    "conversations:hand_over": get(READ, "conversation"),
    "conversations:belong": get(READ, "conversation"),
    "conversations:resolve": get(READ, "conversation"),
    "conversations:reopen": post(READ, "conversation"),
    "conversations:make_private": post(row(LOGIN, GONE, IN, IN, GONE, GONE), "conversation"),  # Alice does
    "conversations:share": post(READ, "conversation"),
    "conversations:take_back": get(READ, "conversation"),
    "conversations:private": get(row(LOGIN, GONE, NO, NO, IN, NO), "partner"),
    "conversations:merge": get(LOOK_AFTER, "conversation"),
    "conversations:give": get(LOOK_AFTER, "conversation"),
    "conversations:move_message": get(LOOK_AFTER, "message"),
    "conversations:start": get(READ, "partner"),
    "conversations:templates_for_mail": get(READ, "partner"),
    "conversations:template_into_mail": post(READ, "partner", "template"),
    "conversations:templates_for_reply": get(READ, "conversation"),
    "conversations:template_into_reply": post(READ, "conversation", "template"),
    "conversations:templates": get(ADMIN),
    "conversations:own_templates": get(ROLE),
    "conversations:template": get(MINE, "own template"),
    "conversations:template_remove": post(ADMIN, "template"),
    "conversations:paste": get(READ, "partner"),
    "conversations:clear_thanks": post(STAFF),
    "conversations:thanks": get(ADMIN),
    "conversations:thanks_entry": post(ADMIN, "phrase"),
    "conversations:no_reply_needed": get(READ, "wait"),
    "conversations:pause": get(READ, "wait"),
    "conversations:resume": post(READ, "wait"),
    "conversations:rebase": post(LOOK_AFTER, "wait"),
    "conversations:withdraw": get(LOOK_AFTER, "message"),
    "conversations:unsend": post(READ, "message"),
    "conversations:correct": get(LOOK_AFTER, "message"),
    "conversations:confirm": post(HEADS, "message"),
    "conversations:to_decide": get(STAFF),
    "conversations:decide": post(row(LOGIN, GONE, NO, NO, IN, NO), "matter", answer="yes", seen="1"),
    "conversations:withdraw_matter": post(LOOK_AFTER, "matter"),
    "conversations:contest": get(READ, "decision"),
    "conversations:decline": get(HEADS, "message"),
    "conversations:erase": get(row(LOGIN, GONE, NO, NO, NO, IN), "message"),
    "conversations:start_clock": post(READ, "message"),
    "conversations:original": get(READ, "mail_in"),
    "conversations:formatted": get(READ, "mail_in"),
    "conversations:pictures": get(READ, "mail_in"),
    "conversations:attachment": get(READ, "attachment"),
    # where mail providers post: shut unless the environment names them; test_webhooks.py opens them
    "conversations:mailgun_inbound": post(SHUT),
    "conversations:mailgun_tracking": post(SHUT),
    "conversations:postmark_inbound": post(SHUT),
    "conversations:postmark_tracking": post(SHUT),
    "conversations:unknown_senders": get(ROLE),
    "conversations:unknown_sender": get(ROLE, "unknown"),
    "conversations:unknown_original": get(ROLE, "unknown"),
    "conversations:file_mail": post(ROLE, "unknown"),
    "conversations:block_sender": post(ROLE, "unknown"),
    "conversations:put_mail_away": post(ROLE, "unknown"),
    "conversations:bring_mail_back": post(ROLE, "unknown"),
    "conversations:unblock_sender": post(row(LOGIN, NO, IN, GONE, GONE, GONE), "blocked"),  # Bob lifts it
    "conversations:mailboxes": get(ADMIN),
    "conversations:mailbox_add": get(ADMIN),
    "conversations:mailbox": get(ADMIN, "mailbox"),
    "conversations:mailbox_remove": post(row(LOGIN, NO, GONE, GONE, GONE, IN), "mailbox"),
    "conversations:own_mailbox": get(ROLE),
    "conversations:caught": post(STAFF, body="I will send the pack by Friday."),
    "conversations:colleagues": get(STAFF),
    "conversations:promise_add": get(READ, "partner"),
    "conversations:promise": get(READ, "promise"),
    "conversations:keep": post(LOOK_AFTER, "promise"),
    "conversations:move": get(LOOK_AFTER, "promise"),
    "conversations:break": get(LOOK_AFTER, "promise"),
    "conversations:withdraw_promise": get(LOOK_AFTER, "promise"),
    "team:notices": get(STAFF),
    "team:read_all_notices": post(STAFF),
    "team:read_notice": post(MINE, "notice"),
    "team:snooze_notice": post(MINE, "notice", minutes="30"),
    "team:wake_notice": post(MINE, "notice"),
    "team:told": get(STAFF),
    "team:told_times": post(STAFF),
    "team:told_ways": post(STAFF),
    "team:keys": get(STAFF),
    "team:theme": post(STAFF, theme="dark"),
    "team:me": get(STAFF),
    "team:add_leave": post(STAFF),
    "team:remove_leave": post(MINE, "leave"),
    "conversations:ask_for_wait": get(READ, "wait"),
    "conversations:ask_for_promise": get(READ, "promise"),
    "conversations:ask": get(READ, "ask"),
    "conversations:withdraw_ask": post(READ, "ask"),
    "conversations:answer_ask": get(OPEN, "ask token"),
    # the portal: whoever holds a pass
    "portal:home": get(OPEN, "pass token"),
    "portal:record": get(OPEN, "pass token"),
    "portal:write": post(OPEN, "pass token", body="Hello."),
    "portal:conversation": get(OPEN, "pass token", "conversation"),
    "portal:attachment": get(
        row(GONE, GONE, GONE, GONE, GONE, GONE), "pass token", "attachment"
    ),  # another's
    "portal:reply": post(OPEN, "pass token", "conversation", body="Thanks."),
    "portal:decisions": get(OPEN, "pass token"),
    "portal:contest": post(OPEN, "pass token", "decision", words="It is not so."),
    "portal:take_back_appeal": post(OPEN, "pass token", "decision"),
    "portal:deals": get(OPEN, "pass token"),
    "portal:referrals": get(OPEN, "pass token"),
    "portal:answer_referral": post(OPEN, "pass token", "offer", reason="Full."),
    "portal:registrations": get(OPEN, "pass token"),
    "portal:register": post(OPEN, "pass token"),
    "portal:take_back_registration": post(OPEN, "pass token", "registration"),
    "portal:plan": get(OPEN, "pass token"),
    "portal:finish_task": post(OPEN, "pass token", "their task", note="Done."),
    "portal:task_file": get(OPEN, "pass token", "task file"),
    "portal:learn": get(OPEN, "pass token"),
    "portal:course": get(OPEN, "pass token", "course"),
    "portal:hand_in": post(OPEN, "pass token", "course"),
    "portal:lesson_file": get(OPEN, "pass token", "lesson"),
    "portal:passes": get(LOOK_AFTER, "contact"),
    "portal:end_pass": post(LOOK_AFTER, "pass"),
    "portal:switch_digest": post(LOOK_AFTER, "partner", on="1"),
    "portal:digest": get(OPEN, "digest token"),
    # partners
    "partners:list": get(STAFF),
    "partners:narrow": get(STAFF),
    "partners:find": get(STAFF),
    "partners:csv": get(row(LOGIN, NO, IN, IN, IN, IN)),
    "partners:give": get(STAFF),  # giving asks for each partner
    "partners:add": get(row(LOGIN, NO, IN, IN, IN, IN)),
    "partners:about": get(READ, "partner"),
    "partners:edit": get(LOOK_AFTER, "partner"),
    "partners:fit": get(READ, "partner"),
    "partners:merge": get(LOOK_AFTER, "partner"),
    "partners:contact_merge": get(LOOK_AFTER, "contact"),
    "partners:undo": post(LOOK_AFTER, "event"),
    "partners:import": get(IMPORT),
    "partners:imported": get(OWN_IMPORT, "import"),
    "partners:import_columns": get(OWN_IMPORT, "import"),
    "partners:import_let_in": post(OWN_IMPORT, "import"),
    "partners:import_again": post(OWN_IMPORT, "import"),
    "partners:import_drop": post(OWN_IMPORT, "import"),
    "partners:import_rejected": get(OWN_IMPORT, "import"),
    "partners:owner": get(LOOK_AFTER, "partner"),
    "partners:assignment_add": get(LOOK_AFTER, "partner"),
    "partners:assignment_end": post(LOOK_AFTER, "assignment"),
    "partners:contact": get(READ, "contact"),
    "partners:contact_add": get(LOOK_AFTER, "partner"),
    "partners:contact_edit": get(LOOK_AFTER, "contact"),
    "partners:contact_leave": get(LOOK_AFTER, "contact"),
    "partners:contact_withdraw": get(LOOK_AFTER, "contact"),
    "partners:contact_primary": post(LOOK_AFTER, "contact"),
    "partners:membership_add": get(LOOK_AFTER, "partner"),
    "partners:membership": get(LOOK_AFTER, "membership"),
    "partners:membership_end": get(LOOK_AFTER, "membership"),
    "partners:membership_main": post(LOOK_AFTER, "membership"),
    "partners:link_add": get(LOOK_AFTER, "partner"),
    "partners:link_end": post(LOOK_AFTER, "link"),
    # the road
    "lifecycle:funnel": get(STAFF),
    "lifecycle:referrals": get(STAFF),
    "lifecycle:referral_new": get(IMPORT),
    "lifecycle:referral": get(READ, "referral"),
    "lifecycle:referral_change": post(IMPORT, "referral", do="pull_back"),
    "lifecycle:deal_help": get(LOOK_AFTER, "deal"),
    "lifecycle:deals_import": get(IMPORT),
    "lifecycle:deals_imported": get(OWN_IMPORT, "import of deals"),
    "lifecycle:deals_import_columns": get(OWN_IMPORT, "import of deals"),
    "lifecycle:deals_import_let_in": post(OWN_IMPORT, "import of deals"),
    "lifecycle:deals_import_again": post(OWN_IMPORT, "import of deals"),
    "lifecycle:deals_import_drop": post(OWN_IMPORT, "import of deals"),
    "lifecycle:deals_import_rejected": get(OWN_IMPORT, "import of deals"),
    "lifecycle:ending": get(READ, "partner"),
    "lifecycle:ending_look": post(LOOK_AFTER, "ending"),
    "lifecycle:ending_call_off": post(LOOK_AFTER, "ending"),
    "lifecycle:loose_end": post(LOOK_AFTER, "loose end", outcome="Handed over."),
    "lifecycle:outreaches": get(STAFF),
    "lifecycle:outreach_with": get(READ, "partner"),
    "lifecycle:outreach_approve": post(LOOK_AFTER, "outreach"),
    "lifecycle:outreach_stop": post(LOOK_AFTER, "outreach"),
    "lifecycle:touch": post(LOOK_AFTER, "touch", do="save", text="Hello."),
    "lifecycle:sequences": get(ADMIN),
    "lifecycle:sequence": get(ADMIN, "sequence"),
    "lifecycle:sequence_step": post(ADMIN, "step"),
    "lifecycle:board": get(STAFF),
    "lifecycle:road": get(READ, "partner"),
    "lifecycle:advance": post(LOOK_AFTER, "partner", to="contacted"),
    "lifecycle:park": get(LOOK_AFTER, "partner"),
    "lifecycle:unpark": post(LOOK_AFTER, "partner"),
    "lifecycle:decline": get(LOOK_AFTER, "partner"),
    "lifecycle:reopen": post(LOOK_AFTER, "partner"),
    "lifecycle:end": get(LOOK_AFTER, "partner"),
    "lifecycle:evidence": get(LOOK_AFTER, "partner"),
    "lifecycle:evidence_file": get(READ, "evidence"),
    "lifecycle:evidence_withdraw": get(LOOK_AFTER, "evidence"),
    "lifecycle:task_add": get(LOOK_AFTER, "partner"),
    "lifecycle:task_done": post(LOOK_AFTER, "task"),
    "lifecycle:task_undone": post(LOOK_AFTER, "task"),
    "lifecycle:task_skip": get(LOOK_AFTER, "task"),
    "lifecycle:task_file": get(READ, "task file"),
    "lifecycle:task_edit": get(LOOK_AFTER, "task"),
    "lifecycle:plan": get(READ, "plan"),
    "lifecycle:plan_make": get(LOOK_AFTER, "partner"),
    "lifecycle:plan_move": get(LOOK_AFTER, "plan"),
    "lifecycle:plan_stop": get(LOOK_AFTER, "plan"),
    "lifecycle:kick_off": get(READ, "kick-off"),
    "lifecycle:kick_off_plan": get(LOOK_AFTER, "partner"),
    "lifecycle:kick_off_change": get(LOOK_AFTER, "kick-off"),
    "lifecycle:kick_off_call_off": get(LOOK_AFTER, "kick-off"),
    "lifecycle:kick_off_hold": get(LOOK_AFTER, "kick-off"),
    "lifecycle:plan_offer": get(LOOK_AFTER, "plan"),
    "lifecycle:plan_offers": get(ADMIN, "plan template"),
    "lifecycle:courses": get(STAFF),
    "lifecycle:course": get(STAFF, "course"),
    "lifecycle:lesson_add": get(KEEP_COURSES, "course"),
    "lifecycle:lesson": get(KEEP_COURSES, "course", "lesson"),
    "lifecycle:lesson_file": get(STAFF, "lesson"),
    "lifecycle:quiz_question_add": get(KEEP_COURSES, "course"),
    "lifecycle:quiz_question": get(KEEP_COURSES, "course", "quiz question"),
    "lifecycle:enrol": get(READ, "contact"),
    "lifecycle:certificates": get(STAFF),
    "lifecycle:certificate_withdraw": get(row(LOGIN, GONE, NO, IN, IN, IN), "certificate"),
    "lifecycle:verified": get(OPEN, "number"),
    "lifecycle:first_events": get(ADMIN),
    "lifecycle:plan_templates": get(ADMIN),
    "lifecycle:plan_template": get(ADMIN, "plan template"),
    "lifecycle:plan_template_task_add": get(ADMIN, "plan template"),
    "lifecycle:plan_template_task": get(ADMIN, "plan template", "plan task key"),
    # agreements
    "lifecycle:applications": get(STAFF),
    "lifecycle:application": get(READ, "application"),
    "lifecycle:application_decide": post(
        row(LOGIN, GONE, NO, IN, IN, NO), "application", answer="no", seen="1"
    ),
    "lifecycle:apply": get(OPEN, "application slug"),
    "lifecycle:application_state": get(OPEN, "application token"),
    "lifecycle:application_contest": post(OPEN, "application token"),
    "lifecycle:application_forms": get(STEER),
    "lifecycle:application_form": get(STEER, "application form"),
    "lifecycle:application_form_switch": post(STEER, "application form"),
    "lifecycle:application_form_remove": post(STEER, "application form"),
    "lifecycle:question_add": get(STEER, "application form"),
    "lifecycle:question": get(STEER, "question"),
    "lifecycle:question_up": post(STEER, "question"),
    "lifecycle:question_drop": post(row(LOGIN, NO, NO, NO, IN, GONE), "question"),  # Erin drops it
    "lifecycle:agreements": get(STAFF),
    "lifecycle:agreement": get(READ, "agreement"),
    "lifecycle:agreement_draft": get(CONFIDENTIAL, "partner"),
    "lifecycle:agreement_revise": get(CONFIDENTIAL, "agreement"),
    "lifecycle:agreement_send": get(CONFIDENTIAL, "agreement"),
    "lifecycle:agreement_sign": get(CONFIDENTIAL, "agreement"),
    "lifecycle:agreement_elsewhere": get(CONFIDENTIAL, "agreement"),
    "lifecycle:agreement_end": get(CONFIDENTIAL, "agreement"),
    "lifecycle:agreement_renew": post(CONFIDENTIAL, "agreement"),
    "lifecycle:agreement_file": get(CONFIDENTIAL, "agreement version"),
    "lifecycle:agreement_signed_file": get(row(LOGIN, GONE, NO, GONE, GONE, NO), "agreement"),
    "lifecycle:sign": get(OPEN, "agreement token"),
    "lifecycle:sign_file": get(OPEN, "agreement token"),
    # deals
    "lifecycle:deals": get(STAFF),
    "lifecycle:deals_csv": get(ROLE),
    "lifecycle:deals_board": get(STAFF),
    "lifecycle:deal": get(READ, "deal"),
    "lifecycle:deal_add": get(LOOK_AFTER, "partner"),
    "lifecycle:deal_edit": get(LOOK_AFTER, "deal"),
    "lifecycle:deal_move": get(LOOK_AFTER, "deal"),
    "lifecycle:deal_credit": get(LOOK_AFTER, "deal"),
    "lifecycle:deal_primary": post(row(LOGIN, GONE, NO, GONE, GONE, GONE), "deal"),  # names no partner
    "lifecycle:registrations": get(STAFF),
    "lifecycle:registration": get(READ, "registration"),
    "lifecycle:registration_add": get(READ, "partner"),
    "lifecycle:registration_extend": get(LOOK_AFTER, "registration"),
    "lifecycle:registration_withdraw": get(LOOK_AFTER, "registration"),
    "lifecycle:customer": get(STAFF, "customer"),
    "lifecycle:credit_end": post(row(LOGIN, GONE, NO, IN, GONE, GONE), "credit"),  # ended by the first
    # the profile
    "partners:profiles": get(row(LOGIN, NO, IN, IN, IN, IN)),
    "partners:profile": get(row(LOGIN, NO, IN, IN, IN, IN), "draft"),
    "partners:profile_start": post(ADMIN),
    "partners:profile_edit": get(ADMIN, "draft"),
    "partners:profile_publish": get(ADMIN, "draft"),
    "partners:profile_discard": post(ADMIN, "draft"),
    # settings
    "team:settings": get(STAFF),
    "conversations:audits": get(ADMIN),
    "conversations:decision_kinds": get(ADMIN),
    "conversations:decision_kind": get(ADMIN, "decision kind"),
    "conversations:reason_add": post(ADMIN, "decision kind"),
    "conversations:reason_remove": post(ADMIN, "reason"),
    "conversations:threshold_add": post(ADMIN, "decision kind"),
    "conversations:threshold_remove": post(ADMIN, "approval"),
    "conversations:policies": get(ADMIN),
    "conversations:policy_add": get(ADMIN),
    "conversations:policy": get(ADMIN, "policy"),
    "conversations:policy_preview": post(ADMIN),
    "conversations:policy_off": post(ADMIN, "policy"),
    "conversations:policy_on": post(ADMIN, "policy"),
    "team:company": get(ADMIN),
    "conversations:calendars": get(ADMIN),
    "conversations:calendar": get(ADMIN, "calendar"),
    "conversations:calendar_week": post(ADMIN, "calendar"),
    "conversations:calendar_preview": post(ADMIN, "calendar"),
    "conversations:calendar_days": get(ADMIN, "calendar"),
    "conversations:calendar_closure": post(ADMIN, "calendar"),
    "conversations:calendar_holidays": post(ADMIN, "calendar"),
    "conversations:calendar_people": post(ADMIN, "calendar"),
    "conversations:calendar_day_remove": post(ADMIN, "day"),
    "conversations:calendar_holidays_stop": post(ADMIN, "source"),
    "team:people": get(ADMIN),
    "team:person": get(ADMIN, "roleless"),
    "team:deactivate": post(ADMIN, "bob"),
    "team:reactivate": post(ADMIN, "bob"),
    "team:resend_invitation": post(ADMIN, "invitation"),
    "team:withdraw_invitation": post(ADMIN, "invitation"),
    "team:mails": get(ADMIN),
    "team:mail": get(ADMIN, "mail"),
    "team:lift_address": post(ADMIN, "address"),
    "team:hook": get(ADMIN),
    "team:try_hook": post(NO_HOOK),
    "team:renew_hook_secret": post(NO_HOOK),
    "team:switch_off_hook": post(NO_HOOK),
    "team:lists": get(ADMIN),
    "team:regions": get(ADMIN),
    "team:regions_entry": post(ADMIN, "region"),
    "team:verticals": get(ADMIN),
    "team:verticals_entry": post(ADMIN, "vertical"),
    "lifecycle:phases": get(ADMIN),
    "lifecycle:phase": post(ADMIN, "phase"),
    "lifecycle:products": get(ADMIN),
    "lifecycle:products_entry": post(ADMIN, "product"),
    "partners:types": get(ADMIN),
    "partners:types_entry": post(ADMIN, "type"),
    "partners:compare": get(STAFF),
    "partners:sources": get(ADMIN),
    "partners:sources_entry": post(ADMIN, "came by"),
    "partners:end_reasons": get(ADMIN),
    "partners:end_reasons_entry": post(ADMIN, "end_reason"),
    "partners:programmes": get(ADMIN),
    "partners:programme": post(ADMIN, "programme"),
    "partners:add_tier": post(ADMIN, "programme"),
    "partners:tier": post(ADMIN, "tier"),
}

# addresses that need more than a row: who holds the signed link
BY_LINK = {"account_reset_password_from_key", "partners:given"}


def names(patterns: list[Any], space: str = "") -> list[str]:
    """The name of every address there is; one without a name is listed by its path."""
    found = []
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            found += names(pattern.url_patterns, inner)
        elif isinstance(pattern, URLPattern):
            found.append(f"{space}{pattern.name or pattern.pattern}")
    return found


def test_every_address_stands_in_the_table() -> None:
    known = set(names(get_resolver().url_patterns))
    assert known - set(TABLE) - BY_LINK == set(), "these addresses say nowhere who may come in"
    assert (set(TABLE) | BY_LINK) - known == set(), "these rows have no address"


@pytest.mark.parametrize("part", range(PARTS))
def test_who_may_come_in(part: int, scene: Scene) -> None:
    """Each address is tried on the same scene; what a try changed is rolled back."""
    wrong = {}
    for name in sorted(TABLE)[part::PARTS]:
        address = TABLE[name]
        path = reverse(name, args=[scene.of(thing) for thing in address.of]) + address.query
        with transaction.atomic():
            got = {person: came(scene, person, path, address) for person in PEOPLE}
            transaction.set_rollback(True)
        if got != address.expect:
            wrong[name] = {
                who: (what, address.expect[who]) for who, what in got.items() if what != address.expect[who]
            }
    assert wrong == {}, "each: what it answered, and what the table says"


def came(scene: Scene, person: str, path: str, address: Address) -> str:
    client = Client()
    if person != "nobody":
        client.force_login(scene.people[person])
    answer = getattr(client, address.method)(path, address.data)
    if answer.status_code in {301, 302, 303} and "/accounts/login/" in answer["Location"]:
        return LOGIN
    assert answer.status_code < 500, f"{path} answered {answer.status_code} to {person}"
    return {403: NO, 404: GONE, 405: "405"}.get(answer.status_code, IN)
