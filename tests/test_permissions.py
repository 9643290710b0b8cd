"""Every address and who may come in: each URL stands in this table, or the suite fails.

A row says what each of six people gets: nobody (signed out), a person without a role, Bob (may
look and write), Alice (looks after Northwind), Erin (head), Ravi (admin). "in" is any answer but a
refusal: a page, a form shown again, a redirect that is not the sign-in page.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from tests.programs import program
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
    by_token: bool = False


def get(expect: dict[str, str], *of: str, query: str = "") -> Address:
    return Address(expect, of=of, query=query)


def post(expect: dict[str, str], *of: str, **data: Any) -> Address:
    return Address(expect, "post", of, data)


def api(expect: dict[str, str], *of: str) -> Address:
    """A resource, asked for by a program with somebody's token."""
    return Address(expect, of=of, by_token=True)


def api_post(expect: dict[str, str], *of: str, **data: Any) -> Address:
    return Address(expect, "post", of, data, by_token=True)


RUN_SURVEYS = row(LOGIN, NO, NO, IN, IN, IN)
KEEP_COURSES = row(LOGIN, NO, NO, IN, IN, IN)
IMPORT = row(LOGIN, NO, IN, IN, IN, IN)
PASS_ON = row(LOGIN, GONE, IN, IN, IN, IN)
OWN_IMPORT = row(LOGIN, NO, GONE, IN, IN, IN)
OWN_RESULTS = row(LOGIN, NO, NO, IN, IN, IN)
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
    "dashboards:insights": get(STAFF),
    "dashboards:coverage_card": get(STAFF),
    "dashboards:insights_csv": get(STAFF),
    "dashboards:insights_print": get(STAFF),
    "dashboards:insights_narrow": get(STAFF),
    "dashboards:definitions": get(STAFF),
    "dashboards:behind": get(STAFF, "figure"),
    "dashboards:behind_csv": get(ROLE, "figure"),
    "dashboards:today": get(STAFF),
    "dashboards:coverage": get(STAFF),
    "dashboards:coverage_print": get(STAFF),
    "dashboards:coverage_csv": get(STAFF),
    "dashboards:certified_people": get(STAFF),
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
    "portal:announcements": get(OPEN, "pass token"),
    "portal:announcement": get(OPEN, "pass token", "announcement"),
    "portal:ask_about": post(OPEN, "pass token", "announcement", body="From when?"),
    "portal:surveys": get(OPEN, "pass token"),
    "portal:switch_surveys": post(OPEN, "pass token"),
    "portal:referrals": get(OPEN, "pass token"),
    "portal:answer_referral": post(OPEN, "pass token", "offer", reason="Full."),
    "portal:registrations": get(OPEN, "pass token"),
    "portal:register": post(OPEN, "pass token"),
    "portal:take_back_registration": post(OPEN, "pass token", "registration"),
    "portal:plan": get(OPEN, "pass token"),
    "portal:finish_task": post(OPEN, "pass token", "their task", note="Done."),
    "portal:task_file": get(OPEN, "pass token", "task file"),
    "portal:integrations": get(OPEN, "pass token"),
    "portal:integration": get(OPEN, "pass token", "integration"),
    "portal:raise_obstacle": post(OPEN, "pass token", "integration", text="It fails."),
    "portal:learn": get(OPEN, "pass token"),
    "portal:course": get(OPEN, "pass token", "course"),
    "portal:hand_in": post(OPEN, "pass token", "course"),
    "portal:lesson_file": get(OPEN, "pass token", "lesson"),
    "portal:tiers": get(OPEN, "pass token"),
    "portal:tier_rows": get(OPEN, "pass token", "requirement"),
    "portal:passes": get(LOOK_AFTER, "contact"),
    "portal:end_pass": post(LOOK_AFTER, "pass"),
    "portal:switch_digest": post(LOOK_AFTER, "partner", on="1"),
    "portal:digest": get(OPEN, "digest token"),
    # surveys
    "reviews:surveys": get(STAFF),
    "reviews:survey_new": get(RUN_SURVEYS),
    "reviews:survey_comments": get(STAFF),
    "reviews:survey": get(READ, "survey"),
    "reviews:survey_change": post(RUN_SURVEYS, "survey", do="close"),
    "reviews:survey_answer_all": post(RUN_SURVEYS, "survey", words="Thank you."),
    "reviews:survey_asked": get(READ, "survey"),
    "reviews:survey_answers": get(READ, "survey"),
    "reviews:survey_file": get(READ, "survey"),
    "reviews:satisfaction": get(READ, "partner"),
    "reviews:following": get(ADMIN),
    "reviews:health_of_all": get(STAFF),
    "reviews:retention": get(STAFF),
    "reviews:who_stayed": get(STAFF),
    "reviews:back_test": get(STAFF),
    "reviews:back_test_readings": get(STAFF),
    "reviews:health_formula": get(ADMIN),
    "reviews:health_publish": get(ADMIN),
    "reviews:health_discard": post(ADMIN),
    "reviews:health": get(READ, "partner"),
    "reviews:health_rows": get(READ, "partner", "measure"),
    "reviews:answer_survey": get(OPEN, "survey token"),
    "reviews:stop_surveys": get(OPEN, "survey token"),
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
    "lifecycle:tiers": get(STAFF),
    "lifecycle:tier": get(READ, "membership"),
    "lifecycle:tier_rows": get(READ, "membership", "requirement"),
    "lifecycle:tier_propose": post(LOOK_AFTER, "membership"),
    "lifecycle:tier_record": post(LOOK_AFTER, "membership"),
    "lifecycle:tier_tell": post(LOOK_AFTER, "tier change"),
    "lifecycle:tier_withdraw": post(LOOK_AFTER, "tier change"),
    "lifecycle:tier_programmes": get(ADMIN),
    "lifecycle:tier_rules": get(ADMIN, "programme"),
    "lifecycle:tier_rules_notice": post(ADMIN, "programme", days="60"),
    "lifecycle:tier_rules_publish": get(ADMIN, "programme"),
    "lifecycle:tier_rules_discard": post(ADMIN, "programme"),
    "lifecycle:tier_benefit_add": post(ADMIN, "programme"),
    "lifecycle:tier_requirement_drop": post(ADMIN, "requirement"),
    "lifecycle:tier_benefit_retire": post(ADMIN, "benefit"),
    "lifecycle:tier_measures": get(ADMIN),
    "lifecycle:tier_measures_entry": post(ADMIN, "tier measure"),
    "lifecycle:announcements": get(STAFF),
    "lifecycle:announcement_new": get(ROLE),
    "lifecycle:announcement": get(READ, "announcement"),
    "lifecycle:announcement_edit": get(LOOK_AFTER, "announcement"),
    "lifecycle:announcement_change": post(LOOK_AFTER, "announcement", do="tell"),
    "lifecycle:announcement_partners": get(READ, "announcement"),
    "lifecycle:announcement_csv": get(ROLE, "announcement"),
    "lifecycle:referrals": get(STAFF),
    "lifecycle:referral_new": get(IMPORT),
    "lifecycle:referral": get(READ, "referral"),
    "lifecycle:referral_change": post(IMPORT, "referral", do="pull_back"),
    "lifecycle:investments": get(READ, "partner"),
    "lifecycle:investment_log": get(LOOK_AFTER, "partner"),
    "lifecycle:investment_show": post(LOOK_AFTER, "investment", do="show"),
    "lifecycle:investment_withdraw": get(LOOK_AFTER, "investment"),
    "lifecycle:deal_help": get(LOOK_AFTER, "deal"),
    "lifecycle:results_import": get(KEEP_COURSES),
    "lifecycle:results_imported": get(OWN_RESULTS, "import of results"),
    "lifecycle:results_import_columns": get(OWN_RESULTS, "import of results"),
    "lifecycle:results_import_let_in": post(OWN_RESULTS, "import of results"),
    "lifecycle:results_import_again": post(OWN_RESULTS, "import of results"),
    "lifecycle:results_import_drop": post(OWN_RESULTS, "import of results"),
    "lifecycle:results_import_rejected": get(OWN_RESULTS, "import of results"),
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
    "lifecycle:plans": get(STAFF),
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
    "lifecycle:integrations": get(STAFF),
    "lifecycle:integration": get(READ, "integration"),
    "lifecycle:integration_begin": get(LOOK_AFTER, "partner"),
    "lifecycle:integration_change": get(LOOK_AFTER, "integration"),
    "lifecycle:integration_live": get(LOOK_AFTER, "integration"),
    "lifecycle:integration_stop": get(LOOK_AFTER, "integration"),
    "lifecycle:environment_add": get(LOOK_AFTER, "integration"),
    "lifecycle:environment": get(LOOK_AFTER, "environment"),
    "lifecycle:obstacle_add": get(READ, "integration"),
    "lifecycle:obstacle": get(LOOK_AFTER, "obstacle"),
    "lifecycle:obstacle_solve": get(LOOK_AFTER, "obstacle"),
    "lifecycle:obstacle_reopen": post(LOOK_AFTER, "obstacle"),
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
    "lifecycle:application_take_back": post(OPEN, "application token"),
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
    # reviews
    "reviews:reviews": get(STAFF),
    "reviews:calendar": get(STAFF),
    "reviews:review": get(READ, "review"),
    "reviews:prepare": post(LOOK_AFTER, "review"),
    "reviews:invite": get(LOOK_AFTER, "review"),
    "reviews:move": get(LOOK_AFTER, "review"),
    "reviews:cancel": get(LOOK_AFTER, "review"),
    "reviews:decide": get(LOOK_AFTER, "review"),
    "reviews:confirm": post(LOOK_AFTER, "review"),
    "reviews:share_outcome": post(LOOK_AFTER, "review"),
    "reviews:close": post(LOOK_AFTER, "review"),
    "reviews:arrange": post(LOOK_AFTER, "review", key="ask", do="up"),
    "reviews:topic": post(READ, "review", topic="Prices"),
    "reviews:topic_drop": post(row(LOGIN, GONE, NO, IN, GONE, GONE), "topic"),  # dropped by the first
    "reviews:pre_read": get(LOOK_AFTER, "review"),
    "reviews:print": get(READ, "review"),
    "reviews:pdf": get(READ, "review"),
    "reviews:shared_pdf": get(SHUT, "review token"),  # until the pre-read is sent
    "reviews:minutes": get(LOOK_AFTER, "review"),
    "reviews:sign": get(LOOK_AFTER, "review"),
    "reviews:shared": get(OPEN, "review token"),
    "reviews:subscribe": get(STAFF),
    "reviews:feed": get(OPEN, "feed key"),
    "portal:reviews": get(OPEN, "pass token"),
    "portal:joint_plan": get(OPEN, "pass token"),
    "portal:add_goal": post(OPEN, "pass token", text="More people"),
    "portal:change_goal": post(OPEN, "pass token", "goal", text="Three engineers"),
    "portal:target": get(OPEN, "pass token", "target"),
    "reviews:joint_plan": get(READ, "partner"),
    "reviews:goal_add": get(LOOK_AFTER, "partner"),
    "reviews:goal_change": get(LOOK_AFTER, "goal"),
    "reviews:goal_end": post(LOOK_AFTER, "goal", do="reached"),
    "reviews:objective_add": get(LOOK_AFTER, "partner", query="?experiment=1"),
    "reviews:objective_change": get(LOOK_AFTER, "objective"),
    "reviews:objective_end": get(LOOK_AFTER, "objective"),
    "reviews:mark_add": get(LOOK_AFTER, "objective"),
    "reviews:mark_say": post(LOOK_AFTER, "year mark", do="met"),
    "reviews:target_add": get(LOOK_AFTER, "partner"),
    "reviews:target": get(READ, "target"),
    "reviews:target_change": get(LOOK_AFTER, "target"),
    "reviews:target_drop": post(row(LOGIN, GONE, NO, IN, GONE, GONE), "target"),  # dropped by the first
    "reviews:experiments": get(STAFF),
    "reviews:company_objectives": get(STAFF),
    "reviews:company_objective": get(STAFF, "company objective"),
    "reviews:company_objective_drop": post(row(LOGIN, NO, NO, NO, IN, IN), "company objective"),
    "reviews:rhythm": get(LOOK_AFTER, "partner"),
    "reviews:cadences": get(ADMIN),
    # issues
    "reviews:issues": get(STAFF),
    "reviews:causes": get(STAFF),
    "reviews:issue": get(READ, "issue"),
    "reviews:issue_in": get(row(LOGIN, GONE, GONE, GONE, GONE, GONE), "conversation"),  # it has none
    "reviews:issue_raise": get(READ, "partner"),
    "reviews:issue_hand_over": get(READ, "issue"),
    "reviews:issue_escalate": get(READ, "issue"),
    "reviews:issue_regrade": get(LOOK_AFTER, "issue"),
    "reviews:issue_solve": get(LOOK_AFTER, "issue"),
    "reviews:issue_open_again": get(LOOK_AFTER, "issue"),
    "reviews:shared_issue": get(OPEN, "issue token"),
    "reviews:issue_promises": get(ADMIN),
    "reviews:issue_causes": get(ADMIN),
    "reviews:issue_causes_entry": post(ADMIN, "issue cause", do="up"),
    "portal:issues": get(OPEN, "pass token"),
    "portal:issue_raise": post(OPEN, "pass token", title="Slow", severity="minor"),
    "portal:issue": get(OPEN, "pass token", "issue"),
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
    "partners:profile_effect": get(ADMIN, "draft"),
    "partners:profile_compare": get(row(LOGIN, NO, IN, IN, IN, IN), "draft"),
    "partners:profile_publish": get(ADMIN, "draft"),
    "partners:profile_discard": post(ADMIN, "draft"),
    # other programs
    "api_schema": get(OPEN),
    "team:api": get(STAFF),
    "team:api_resource": get(STAFF, "resource"),
    "team:tokens": get(STAFF),
    "team:all_tokens": get(ADMIN),
    "team:revoke_token": post(row(LOGIN, GONE, GONE, IN, GONE, IN), "api token"),
    "team:api_rates-list": api(STAFF),
    "team:api_rates-detail": api(STAFF, "rate"),
    "team:api_people-list": api(STAFF),
    "team:api_people-detail": api(row(LOGIN, GONE, IN, IN, IN, IN), "bob"),
    "partners:api_partners-list": api(STAFF),
    "partners:api_partners-detail": api(READ, "partner"),
    "partners:api_contacts-list": api(STAFF),
    "partners:api_contacts-detail": api(READ, "contact"),
    "partners:api_contacts-leave": api_post(LOOK_AFTER, "contact", on="2026-01-01"),
    "partners:api_contacts-withdraw": api_post(LOOK_AFTER, "contact", reason="Wrong."),
    "partners:api_contacts-primary": api_post(LOOK_AFTER, "contact"),
    "partners:api_assignments-list": api(STAFF),
    "partners:api_assignments-detail": api(READ, "assignment"),
    "partners:api_assignments-end": api_post(LOOK_AFTER, "assignment", on="2027-01-01"),
    "partners:api_visits-list": api(STAFF),
    "partners:api_visits-detail": api(READ, "visit"),
    "partners:api_profiles-list": api(ROLE),
    "partners:api_profiles-detail": api(ROLE, "draft"),
    "partners:api_fits-list": api(STAFF),
    "partners:api_fits-detail": api(READ, "fit"),
    "partners:api_tiers-list": api(STAFF),
    "partners:api_tiers-detail": api(READ, "tier"),
    "team:api_regions-list": api(STAFF),
    "team:api_regions-detail": api(READ, "region"),
    "team:api_verticals-list": api(STAFF),
    "team:api_verticals-detail": api(READ, "vertical"),
    "partners:api_partner_types-list": api(STAFF),
    "partners:api_partner_types-detail": api(READ, "type"),
    "partners:api_programmes-list": api(STAFF),
    "partners:api_programmes-detail": api(READ, "programme"),
    "partners:api_sources-list": api(STAFF),
    "partners:api_sources-detail": api(READ, "came by"),
    "partners:api_end_reasons-list": api(STAFF),
    "partners:api_end_reasons-detail": api(READ, "end_reason"),
    "partners:api_memberships-list": api(STAFF),
    "partners:api_memberships-detail": api(READ, "membership"),
    "partners:api_memberships-main": api_post(LOOK_AFTER, "membership"),
    "partners:api_memberships-end": api_post(LOOK_AFTER, "membership", on="2050-01-01"),
    "partners:api_links-list": api(STAFF),
    "partners:api_links-detail": api(READ, "link"),
    "partners:api_links-end": api_post(LOOK_AFTER, "link", on="2050-01-01"),
    "conversations:api_conversations-list": api(STAFF),
    "conversations:api_conversations-detail": api(READ, "conversation"),
    "conversations:api_conversations-resolve": api_post(READ, "conversation", reason="Done."),
    "conversations:api_conversations-reopen": api_post(READ, "conversation"),
    "conversations:api_conversations-take-over": api_post(READ, "conversation"),
    "conversations:api_messages-list": api(STAFF),
    "conversations:api_messages-detail": api(READ, "message"),
    "conversations:api_conversations-hand-over": api_post(READ, "conversation", to="@alice"),
    "conversations:api_conversations-merge": api_post(LOOK_AFTER, "conversation", into="@conversation"),
    "conversations:api_conversations-give": api_post(LOOK_AFTER, "conversation", partner="@other"),
    "conversations:api_conversations-belong": api_post(READ, "conversation", membership=None),
    "conversations:api_conversations-make-private": api_post(
        row(LOGIN, GONE, IN, IN, GONE, GONE), "conversation"
    ),  # Alice does
    "conversations:api_conversations-share": api_post(READ, "conversation"),
    "conversations:api_messages-correct": api_post(LOOK_AFTER, "message", body="So it was."),
    "conversations:api_messages-withdraw": api_post(LOOK_AFTER, "message", reason="Wrong."),
    "conversations:api_messages-move": api_post(LOOK_AFTER, "message", into=None),
    "conversations:api_messages-start-clock": api_post(READ, "message"),
    "conversations:api_messages-erase": api_post(
        row(LOGIN, GONE, NO, NO, NO, IN), "message", reason="Asked."
    ),
    "conversations:api_attachments-list": api(STAFF),
    "conversations:api_attachments-detail": api(READ, "attachment"),
    "conversations:api_attachments-file": api(READ, "attachment"),
    "conversations:api_templates-list": api(STAFF),
    "conversations:api_templates-detail": api(READ, "template"),
    "conversations:api_waits-pause": api_post(READ, "wait", ground="they_asked", until="2026-12-24"),
    "conversations:api_waits-resume": api_post(READ, "wait"),
    "conversations:api_waits-rebase": api_post(LOOK_AFTER, "wait"),
    "conversations:api_decisions-contest": api_post(READ, "decision", words="It is not so."),
    "conversations:api_waits-list": api(STAFF),
    "conversations:api_waits-detail": api(READ, "wait"),
    "conversations:api_waits-cancel": api_post(READ, "wait", reason="They rang."),
    "conversations:api_commitments-list": api(STAFF),
    "conversations:api_commitments-detail": api(READ, "promise"),
    "conversations:api_commitments-keep": api_post(LOOK_AFTER, "promise"),
    "conversations:api_commitments-move": api_post(LOOK_AFTER, "promise", to="2050-01-01", consent="none"),
    "conversations:api_commitments-break": api_post(LOOK_AFTER, "promise", reason="No."),
    "conversations:api_commitments-withdraw": api_post(LOOK_AFTER, "promise", reason="No."),
    "conversations:api_asks-list": api(STAFF),
    "conversations:api_asks-detail": api(READ, "ask"),
    "conversations:api_asks-withdraw": api_post(READ, "ask"),
    "conversations:api_later_replies-list": api(STAFF),
    "conversations:api_later_replies-detail": api(READ, "later"),
    "conversations:api_later_replies-send-now": api_post(
        row(LOGIN, GONE, IN, IN, GONE, GONE), "later"
    ),  # Alice does
    "conversations:api_decisions-list": api(STAFF),
    "conversations:api_decisions-detail": api(READ, "decision"),
    "partners:api_imports-list": api(STAFF),
    "partners:api_imports-detail": api(row(LOGIN, GONE, GONE, IN, IN, IN), "import"),
    "lifecycle:api_moves-park": api_post(LOOK_AFTER, "partner", until="2050-01-01"),
    "lifecycle:api_moves-unpark": api_post(LOOK_AFTER, "partner"),
    "lifecycle:api_moves-decline": api_post(LOOK_AFTER, "partner", side="us", end_reason="No answer"),
    "lifecycle:api_moves-reopen": api_post(LOOK_AFTER, "partner"),
    "lifecycle:api_evidence-list": api(STAFF),
    "lifecycle:api_evidence-detail": api(READ, "evidence"),
    "lifecycle:api_evidence-file": api(READ, "evidence"),
    "lifecycle:api_evidence-withdraw": api_post(LOOK_AFTER, "evidence", reason="Wrong."),
    "partners:api_imports-let-in": api_post(row(LOGIN, GONE, GONE, IN, IN, IN), "import"),
    "partners:api_imports-again": api_post(row(LOGIN, GONE, GONE, IN, IN, IN), "import"),
    "partners:api_import_rows-list": api(STAFF),
    "partners:api_import_rows-detail": api(row(LOGIN, GONE, GONE, IN, IN, IN), "import row"),
    "partners:api_profiles-effect": api(ADMIN, "draft"),
    "partners:api_profiles-publish": api_post(ADMIN, "draft", why="First."),
    "lifecycle:api_requirements-list": api(STAFF),
    "lifecycle:api_requirements-detail": api(READ, "requirement"),
    "lifecycle:api_agreements-list": api(STAFF),
    "lifecycle:api_announcements-list": api(STAFF),
    "lifecycle:api_announcements-detail": api(READ, "announcement"),
    "lifecycle:api_announcements-standing": api(READ, "announcement"),
    "lifecycle:api_announcements-send": api_post(LOOK_AFTER, "announcement"),
    "lifecycle:api_announcements-tell-rest": api_post(LOOK_AFTER, "announcement"),
    "lifecycle:api_announcements-correct": api_post(PASS_ON, "announcement"),
    "lifecycle:api_announcements-withdraw": api_post(LOOK_AFTER, "announcement", reason="Wrong."),
    "lifecycle:api_agreements-detail": api(READ, "agreement"),
    "lifecycle:api_plans-list": api(STAFF),
    "lifecycle:api_plans-detail": api(READ, "plan"),
    "lifecycle:api_plans-move": api_post(LOOK_AFTER, "plan", starts_on="2027-01-04"),
    "lifecycle:api_plans-stop": api_post(LOOK_AFTER, "plan", reason="Over."),
    "lifecycle:api_tasks-list": api(STAFF),
    "lifecycle:api_tasks-detail": api(READ, "task"),
    "lifecycle:api_tasks-done": api_post(LOOK_AFTER, "task"),
    "lifecycle:api_tasks-undone": api_post(LOOK_AFTER, "task"),
    "lifecycle:api_tasks-skip": api_post(LOOK_AFTER, "task", reason="No."),
    "lifecycle:api_kick_offs-list": api(STAFF),
    "lifecycle:api_kick_offs-detail": api(READ, "kick-off"),
    "lifecycle:api_kick_offs-call-off": api_post(LOOK_AFTER, "kick-off", reason="Strike."),
    "lifecycle:api_kick_offs-hold": api_post(LOOK_AFTER, "kick-off", minutes="We met."),
    "lifecycle:api_integrations-list": api(STAFF),
    "lifecycle:api_integrations-detail": api(READ, "integration"),
    "lifecycle:api_integrations-live": api_post(LOOK_AFTER, "integration", on="2026-01-01"),
    "lifecycle:api_integrations-stop": api_post(LOOK_AFTER, "integration", reason="Over."),
    "lifecycle:api_environments-list": api(STAFF),
    "lifecycle:api_environments-detail": api(READ, "environment"),
    "lifecycle:api_obstacles-list": api(STAFF),
    "lifecycle:api_obstacles-detail": api(READ, "obstacle"),
    "lifecycle:api_obstacles-solve": api_post(LOOK_AFTER, "obstacle", resolution="So."),
    "lifecycle:api_obstacles-open-again": api_post(LOOK_AFTER, "obstacle"),
    "lifecycle:api_course_pages-list": api(STAFF),
    "lifecycle:api_course_pages-detail": api(READ, "lesson"),
    "lifecycle:api_course_pages-file": api(READ, "lesson"),
    "lifecycle:api_course_questions-list": api(STAFF),
    "lifecycle:api_course_questions-detail": api(READ, "quiz question"),
    "lifecycle:api_courses-publish": api_post(LOOK_AFTER, "course"),
    "lifecycle:api_courses-retire": api_post(LOOK_AFTER, "course"),
    "lifecycle:api_courses-list": api(STAFF),
    "lifecycle:api_courses-detail": api(READ, "course"),
    "lifecycle:api_certificates-list": api(STAFF),
    "lifecycle:api_certificates-detail": api(READ, "certificate"),
    "lifecycle:api_deals-list": api(STAFF),
    "lifecycle:api_deals-detail": api(READ, "deal"),
    "lifecycle:api_deals-move": api_post(LOOK_AFTER, "deal", to="Lost", reason="No."),
    "lifecycle:api_investments-list": api(STAFF),
    "lifecycle:api_investments-detail": api(READ, "investment"),
    "lifecycle:api_deals-primary": api_post(LOOK_AFTER, "deal", partner="@partner"),
    "lifecycle:api_credits-list": api(STAFF),
    "lifecycle:api_credits-detail": api(READ, "credit"),
    "lifecycle:api_credits-end": api_post(LOOK_AFTER, "credit"),
    "lifecycle:api_phases-list": api(STAFF),
    "lifecycle:api_phases-detail": api(READ, "phase"),
    "lifecycle:api_products-list": api(STAFF),
    "lifecycle:api_products-detail": api(READ, "product"),
    "lifecycle:api_customers-list": api(STAFF),
    "lifecycle:api_customers-detail": api(READ, "customer"),
    "lifecycle:api_registrations-list": api(STAFF),
    "lifecycle:api_registrations-detail": api(READ, "registration"),
    "lifecycle:api_registrations-conflicts": api(READ, "registration"),
    "lifecycle:api_registrations-extend": api_post(
        LOOK_AFTER, "registration", until="2050-01-01", progress="Met."
    ),
    "lifecycle:api_registrations-withdraw": api_post(LOOK_AFTER, "registration", reason="No."),
    "lifecycle:api_referrals-list": api(STAFF),
    "lifecycle:api_referrals-detail": api(READ, "referral"),
    "lifecycle:api_referrals-offer": api_post(PASS_ON, "referral", partner="@partner"),
    "lifecycle:api_referrals-pull-back": api_post(PASS_ON, "referral", reason="No."),
    "lifecycle:api_referrals-met": api_post(PASS_ON, "referral", on="2026-01-01"),
    "reviews:api_review_topics-list": api(STAFF),
    "reviews:api_review_topics-detail": api(READ, "topic"),
    "reviews:api_review_actions-list": api(STAFF),
    "reviews:api_review_actions-detail": api(READ, "review action"),
    "reviews:api_reviews-minutes": api(READ, "review"),
    "reviews:api_reviews-pre-read": api_post(LOOK_AFTER, "review", to=["@contact"]),
    "reviews:api_reviews-confirm": api_post(LOOK_AFTER, "review"),
    "reviews:api_reviews-hold": api_post(LOOK_AFTER, "review", on="2026-06-01"),
    "reviews:api_reviews-write": api_post(LOOK_AFTER, "review", words="We talked."),
    "reviews:api_reviews-send-minutes": api_post(LOOK_AFTER, "review"),
    "reviews:api_reviews-sign": api_post(LOOK_AFTER, "review", name="Alice A"),
    "lifecycle:api_offers-list": api(STAFF),
    "lifecycle:api_offers-detail": api(READ, "offer"),
    "lifecycle:api_helps-list": api(STAFF),
    "lifecycle:api_helps-detail": api(READ, "help"),
    "lifecycle:api_agreements-terms": api(CONFIDENTIAL, "agreement"),
    "lifecycle:api_agreements-file": api(CONFIDENTIAL, "agreement"),
    "lifecycle:api_agreements-send": api_post(CONFIDENTIAL, "agreement", to="@contact"),
    "lifecycle:api_agreements-sign": api_post(CONFIDENTIAL, "agreement", name="Alice A", authorised=True),
    "lifecycle:api_agreements-signed-elsewhere": api_post(CONFIDENTIAL, "agreement"),
    "lifecycle:api_agreements-renew": api_post(CONFIDENTIAL, "agreement"),
    "lifecycle:api_agreements-end": api_post(CONFIDENTIAL, "agreement", on="2050-01-01", reason="Over."),
    "lifecycle:api_enrolments-list": api(STAFF),
    "lifecycle:api_enrolments-detail": api(READ, "enrolment"),
    "lifecycle:api_certificates-withdraw": api_post(LOOK_AFTER, "certificate", reason="Wrong."),
    "lifecycle:api_applications-list": api(STAFF),
    "lifecycle:api_applications-detail": api(READ, "application"),
    "reviews:api_reviews-list": api(STAFF),
    "reviews:api_reviews-detail": api(READ, "review"),
    "reviews:api_reviews-packet": api(READ, "review"),
    "reviews:api_issues-list": api(STAFF),
    "reviews:api_issues-detail": api(READ, "issue"),
    "reviews:api_issues-solve": api_post(LOOK_AFTER, "issue", words="So.", cause="Fault in the server"),
    "reviews:api_issues-open-again": api_post(LOOK_AFTER, "issue", why="Still."),
    "reviews:api_issues-hand-over": api_post(READ, "issue", to="@alice"),
    "reviews:api_issues-escalate": api_post(READ, "issue", to=1, why="It stands still."),
    "reviews:api_issues-regrade": api_post(LOOK_AFTER, "issue", severity="minor", why="It runs."),
    "reviews:api_causes-list": api(STAFF),
    "reviews:api_causes-detail": api(READ, "issue cause"),
    "reviews:api_goals-list": api(STAFF),
    "reviews:api_goals-detail": api(READ, "goal"),
    "reviews:api_goals-end": api_post(LOOK_AFTER, "goal", state="reached"),
    "reviews:api_objectives-list": api(STAFF),
    "reviews:api_objectives-detail": api(READ, "objective"),
    "reviews:api_objectives-end": api_post(LOOK_AFTER, "objective", state="missed", result="Too soon."),
    "reviews:api_marks-list": api(STAFF),
    "reviews:api_marks-detail": api(READ, "year mark"),
    "reviews:api_marks-say": api_post(LOOK_AFTER, "year mark", is_met=True),
    "reviews:api_targets-list": api(STAFF),
    "reviews:api_targets-detail": api(READ, "target"),
    "reviews:api_targets-standing": api(READ, "target"),
    "reviews:api_company_objectives-list": api(STAFF),
    "reviews:api_company_objectives-detail": api(READ, "company objective"),
    "reviews:api_company_objectives-drop": api_post(row(LOGIN, GONE, NO, NO, IN, IN), "company objective"),
    "reviews:api_reviews-prepare": api_post(LOOK_AFTER, "review"),
    "reviews:api_reviews-move": api_post(LOOK_AFTER, "review", to="2050-01-01", side="ours", reason="No."),
    "reviews:api_reviews-cancel": api_post(LOOK_AFTER, "review", side="ours", reason="No."),
    "reviews:api_reviews-outcome": api_post(LOOK_AFTER, "review", outcome="keep"),
    "reviews:api_reviews-share-outcome": api_post(LOOK_AFTER, "review"),
    "reviews:api_reviews-close": api_post(LOOK_AFTER, "review"),
    "reviews:api_surveys-send": api_post(LOOK_AFTER, "survey"),
    "reviews:api_surveys-close": api_post(LOOK_AFTER, "survey"),
    "reviews:api_surveys-answer-all": api_post(LOOK_AFTER, "survey", words="Thank you."),
    "reviews:api_surveys-list": api(STAFF),
    "reviews:api_surveys-detail": api(READ, "survey"),
    "reviews:api_health-list": api(STAFF),
    "reviews:api_health-detail": api(READ, "health"),
    "lifecycle:api_moves-advance": api_post(LOOK_AFTER, "partner", to="contacted"),
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
    "partners:wanted": get(STEER),
    "partners:wanted_list": get(STEER),
    "partners:wanted_csv": get(STEER),
    "team:rates": get(STAFF),
    "team:rates_csv": get(STAFF),
    "team:rate": get(STEER, "rate"),
    "team:rate_take_back": post(STEER, "rate"),
    "team:rate_list": get(STEER),
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


def key_of(scene: Scene, value: Any) -> Any:
    """The key of a thing or person of the scene, where the table names one: "@other"."""
    if not isinstance(value, str) or not value.startswith("@"):
        return value
    name = value[1:]
    return scene.people[name].pk if name in scene.people else scene.of(name)


def came(scene: Scene, person: str, path: str, address: Address) -> str:
    client = Client()
    if person != "nobody" and address.by_token:
        client = program(scene.people[person])
    elif person != "nobody":
        client.force_login(scene.people[person])
    data = {name: key_of(scene, value) for name, value in address.data.items()}
    return asked(client, path, replace(address, data=data))


def asked(client: Client, path: str, address: Address) -> str:
    sends = {"content_type": "application/json"} if address.by_token and address.method != "get" else {}
    answer = getattr(client, address.method)(path, address.data, **sends)
    if answer.status_code in {301, 302, 303} and "/accounts/login/" in answer["Location"]:
        return LOGIN
    assert answer.status_code < 500, f"{path} answered {answer.status_code}"
    return {401: LOGIN, 403: NO, 404: GONE, 405: "405"}.get(answer.status_code, IN)
