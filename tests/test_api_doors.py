"""What a person presses on a page, a program does by the API: each page that takes a POST stands in one of
these tables, so that the next one without a door fails here.

A line is a resource of the API and the pages whose presses it does, `page>step+step`; the step has the page's
name where none is said. A page of another app is named with it.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from prm.api.resources import Changes, Drops, Makes

DOORS = {
    "team calendars": (
        "conversations:calendars>make conversations:calendar>change conversations:calendar_week>change "
        "conversations:calendar_closure>close conversations:calendar_people>give"
    ),
    "team calendar_days": "conversations:calendar_days>make conversations:calendar_day_remove>drop",
    "team holidays": "conversations:calendar_holidays>make conversations:calendar_holidays_stop>drop",
    "team leaves": "add_leave>make remove_leave>drop",
    "team notice_settings": "told_times>times told_ways>ways",
    "team notices": "read_notice>read read_all_notices>read-all snooze_notice>snooze wake_notice>wake",
    "team rates": "rates>make rate_list>make rate>make rate_take_back>take-back",
    "team regions": "regions>make regions_entry>change",
    "team verticals": "verticals>make verticals_entry>change",
    "partners partners": "add>make edit>change owner>change give>change",
    "partners contacts": (
        "contact_add>make contact_edit>change contact_leave>leave contact_withdraw>withdraw "
        "contact_primary>primary"
    ),
    "partners partner_merges": "merge",
    "partners contact_merges": "contact_merge>merge",
    "partners events": "undo",
    "partners assignments": "assignment_add>make assignment_end>end",
    "partners memberships": "membership_add>make membership>change membership_end>end membership_main>main",
    "partners links": "link_add>make link_end>end",
    "partners profiles": (
        "profile_start>make profile_edit>change profile_effect>effect profile_publish>publish "
        "profile_discard>drop"
    ),
    "partners fits": "fit>make",
    "partners tiers": "add_tier>make tier>change",
    "partners imports": (
        "import>make import_let_in>let-in import_again>again import_drop>drop "
        "lifecycle:results_import>make lifecycle:results_import_let_in>let-in "
        "lifecycle:results_import_again>again lifecycle:results_import_drop>drop "
        "lifecycle:deals_import>make lifecycle:deals_import_let_in>let-in "
        "lifecycle:deals_import_again>again lifecycle:deals_import_drop>drop"
    ),
    "partners partner_types": "types>make types_entry>change",
    "partners programmes": "programmes>make programme>change",
    "partners sources": "sources>make sources_entry>change",
    "partners end_reasons": "end_reasons>make end_reasons_entry>change",
    "partners segments": "wanted>want wanted_list>want",
    "conversations conversations": (
        "take_over hand_over belong resolve reopen merge give make_private share take_back"
    ),
    "conversations messages": (
        "log>make reply>make start>make dashboards:answer>make move_message>move withdraw correct "
        "erase start_clock"
    ),
    "conversations unsent": "unsend",
    "conversations drafts": (
        "keep_reply>make+change+send keep_mail>make+change+send keep_log>make+change+send "
        "keep_log_of_nobody>make throw_draft>drop bring_draft_back>bring-back"
    ),
    "conversations later_replies": "later_change>change later_send>send-now later_take_back>drop",
    "conversations waits": "no_reply_needed>cancel pause resume rebase clear_thanks withdraw_matter",
    "conversations meetings": "meeting_not_held>not-held meeting_ask_again>ask-again",
    "conversations commitments": "promise_add>make keep move break withdraw_promise>withdraw",
    "conversations decisions": (
        "decide>make confirm>make decline>make contest lifecycle:application_decide>make"
    ),
    "conversations policies": ("policy_add>make policy>revise policy_off>switch-off policy_on>switch-on"),
    "conversations asks": "ask_for_wait>make ask_for_promise>make withdraw_ask>withdraw",
    "lifecycle moves": "advance park unpark decline reopen",
    "lifecycle evidence": "evidence>make evidence_withdraw>withdraw",
    "lifecycle agreements": (
        "agreement_draft>make agreement_revise>change agreement_send>send agreement_sign>sign "
        "agreement_elsewhere>signed-elsewhere agreement_end>end agreement_renew>renew"
    ),
    "lifecycle announcements": (
        "announcement_new>make announcement_edit>change announcement_change>send+tell-rest+withdraw+drop"
    ),
    "lifecycle plans": "plan_make>make plan_move>move plan_stop>stop",
    "lifecycle plan_offers": "plan_offer>take-over plan_offers>take-over",
    "lifecycle plan_templates": (
        "plan_templates>make plan_template>change+publish+discard+retire+restore "
        "plan_template_task_add>write-task plan_template_task>write-task+take-out-task"
    ),
    "lifecycle tasks": "task_add>make task_done>done task_undone>undone task_skip>skip task_edit>change",
    "lifecycle kick_offs": (
        "kick_off_plan>make kick_off_change>change kick_off_call_off>call-off kick_off_hold>hold"
    ),
    "lifecycle integrations": (
        "integration_begin>make integration_change>change integration_live>live integration_stop>stop"
    ),
    "lifecycle environments": "environment_add>make environment>change",
    "lifecycle obstacles": (
        "obstacle_add>make obstacle>change obstacle_solve>solve obstacle_reopen>open-again"
    ),
    "lifecycle courses": "courses>make course>change+publish+retire",
    "lifecycle course_pages": "lesson_add>make lesson>change+drop",
    "lifecycle course_questions": "quiz_question_add>make quiz_question>change+drop",
    "lifecycle enrolments": "enrol>make",
    "lifecycle certificates": "certificate_withdraw>withdraw",
    "lifecycle deals": "deal_add>make deal_edit>change deal_move>move deal_primary>primary",
    "lifecycle credits": "deal_credit>make credit_end>end",
    "lifecycle helps": "deal_help>make",
    "lifecycle tier_changes": "tier_propose>make tier_tell>tell+told tier_withdraw>withdraw",
    "lifecycle tier_rules": (
        "tier_rules>want tier_requirement_drop>drop-requirement tier_rules_notice>change "
        "tier_rules_publish>publish tier_rules_discard>discard"
    ),
    "lifecycle benefits": "tier_benefit_add>make tier_benefit_retire>retire",
    "lifecycle measures": "tier_measures>make tier_measures_entry>change",
    "lifecycle measurements": "tier_record>make",
    "lifecycle phases": "phases>make phase>change",
    "lifecycle products": "products>make products_entry>change",
    "lifecycle customers": "customer>change",
    "lifecycle registrations": (
        "registration_add>make registration_extend>extend registration_withdraw>withdraw"
    ),
    "lifecycle referrals": "referral_new>make referral_change>offer+pull-back+met",
    "lifecycle applications": "apply>make",
    "lifecycle application_forms": (
        "application_forms>make application_form>change application_form_switch>open+close "
        "application_form_remove>drop"
    ),
    "lifecycle application_questions": (
        "question_add>make question>change question_up>up question_drop>drop"
    ),
    "lifecycle outreach": "outreach_with>make outreach_approve>approve outreach_stop>stop",
    "lifecycle touches": "touch>change+send+done+skip",
    "lifecycle sequences": "sequences>make sequence>change+switch",
    "lifecycle sequence_steps": "sequence_step>change+drop",
    "lifecycle endings": "end>make ending>make ending_look>look-again ending_call_off>call-off",
    "lifecycle loose_ends": "loose_end>change",
    "lifecycle investments": "investment_log>make investment_show>show+hide investment_withdraw>withdraw",
    "reviews reviews": (
        "prepare confirm invite move cancel decide>outcome share_outcome close arrange pre_read "
        "minutes>write+send-minutes+hold sign"
    ),
    "reviews rhythms": "rhythm>review-rhythm",
    "reviews cadences": "cadences>change",
    "reviews review_topics": "topic>make topic_drop>drop",
    "reviews goals": "goal_add>make goal_change>change goal_end>end",
    "reviews objectives": "objective_add>make objective_change>change objective_end>end",
    "reviews marks": "mark_add>make mark_say>say+drop",
    "reviews targets": "target_add>make target_change>change target_drop>drop",
    "reviews company_objectives": (
        "company_objectives>make company_objective>change company_objective_drop>drop"
    ),
    "reviews issues": (
        "issue_raise>make issue_hand_over>hand-over issue_escalate>escalate issue_regrade>regrade "
        "issue_solve>solve issue_open_again>open-again"
    ),
    "reviews causes": "issue_causes>make issue_causes_entry>change",
    "reviews formulas": "health_formula>make+change health_publish>publish health_discard>drop",
    "reviews surveys": "survey_new>make survey_change>send+close+drop survey_answer_all>answer-all",
}

ELSEWHERE = ("account_", "portal:")  # signing in, and the partners' own pages

WITHOUT = {
    "what one sets for oneself": (
        "team:accept_invitation dashboards:set_up team:theme team:me "
        "team:tokens team:revoke_token conversations:own_mailbox "
        "conversations:own_templates conversations:template reviews:subscribe"
    ),
    "the answer of somebody outside, which no program gives in its stead": (
        "conversations:answer_ask lifecycle:sign lifecycle:application_state "
        "lifecycle:application_contest lifecycle:application_take_back reviews:shared "
        "reviews:shared_issue reviews:answer_survey reviews:stop_surveys"
    ),
    "it only fills in or shows a page": (
        "conversations:template_into_mail conversations:template_into_reply conversations:caught "
        "conversations:paste conversations:policy_preview conversations:calendar_preview "
        "partners:compare partners:import_columns lifecycle:results_import_columns "
        "lifecycle:deals_import_columns"
    ),
    "where providers of mail post": (
        "conversations:mailgun_inbound conversations:mailgun_tracking conversations:postmark_inbound "
        "conversations:postmark_tracking"
    ),
    "set up once by admins, by hand": (
        "team:company team:people team:person team:deactivate team:reactivate team:resend_invitation "
        "team:withdraw_invitation team:lift_address team:hook team:try_hook team:renew_hook_secret "
        "team:switch_off_hook conversations:mailbox_add conversations:mailbox "
        "conversations:mailbox_remove conversations:thanks conversations:thanks_entry "
        "conversations:templates conversations:template_remove conversations:decision_kind "
        "conversations:reason_add conversations:reason_remove conversations:threshold_add "
        "conversations:threshold_remove lifecycle:first_events "
        "reviews:following reviews:issue_promises"
    ),
    "mail of unknown senders is sorted by eye": (
        "conversations:file_mail conversations:block_sender conversations:put_mail_away "
        "conversations:bring_mail_back conversations:unblock_sender"
    ),
}


def addresses(patterns: list[Any], space: str = "") -> dict[str, Any]:
    """Each address there is with what answers it."""
    found: dict[str, Any] = {}
    for each in patterns:
        if isinstance(each, URLResolver):
            found |= addresses(each.url_patterns, f"{space}{each.namespace}:" if each.namespace else space)
        elif isinstance(each, URLPattern):
            found[f"{space}{each.name or each.pattern}"] = each.callback
    return found


def takes_posts(view: Any) -> bool:
    """Whether it does; what says nothing of methods takes all of them."""
    if actions := getattr(view, "actions", None):
        return "post" in actions
    while view is not None:
        code = getattr(view, "__code__", None)
        for name, cell in zip(code.co_freevars, view.__closure__ or (), strict=True) if code else ():
            if name == "request_method_list":
                return "POST" in cell.cell_contents
        view = getattr(view, "__wrapped__", None)
    return True


def is_door(name: str) -> bool:
    return ":api_" in name and "-" in name


def doors() -> set[tuple[str, str]]:
    """What the API does: each resource by its app and key, with each of its steps."""
    found = set()
    for name, view in addresses(get_resolver().url_patterns).items():
        if is_door(name):
            resource, _dash, step = name.partition("-")
            of = resource.replace(":api_", " ")
            found.add((of, step))
            has = {"make": Makes, "change": Changes, "drop": Drops}
            found |= {(of, made) for made, kind in has.items() if issubclass(view.cls, kind)}
    return found


def pressed() -> list[tuple[str, tuple[str, str]]]:
    """The pages of the table, each with what does the same."""
    found = []
    for of, pages in DOORS.items():
        for page in pages.split():
            name, _arrow, steps = page.partition(">")
            full = name if ":" in name else f"{of.split()[0]}:{name}"
            found += [(full, (of, step)) for step in (steps or name.replace("_", "-")).split("+")]
    return found


def test_each_press_of_a_page_has_its_door_or_a_reason() -> None:
    pages = {
        name
        for name, view in addresses(get_resolver().url_patterns).items()
        if not is_door(name) and not name.startswith(ELSEWHERE) and takes_posts(view)
    }
    with_doors = {name for name, _door in pressed()}
    without = Counter(name for names in WITHOUT.values() for name in names.split())
    assert pages - with_doors - set(without) == set(), "these do something that no program can: say why"
    assert (with_doors | set(without)) - pages == set(), "no such page takes a press any more"
    assert with_doors & set(without) == set()
    assert max(without.values()) == 1


def test_each_door_is_there() -> None:
    assert {door for _page, door in pressed()} - doors() == set()
