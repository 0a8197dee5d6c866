"""What an entry can be. A kind in QUIET wakes no board: reads of sensitive fields, and beats of housekeeping."""

from enum import StrEnum


class Kind(StrEnum):
    """Values are written into the chain: never renamed, only added."""

    # staff
    program_made = "program.made"
    program_follow_up = "program.follow_up_hours"
    program_check_ins = "program.check_in_hours"
    staff_added = "staff.added"
    licence_changed = "staff.licence_changed"
    staff_changed = "staff.changed"
    signed_in = "staff.signed_in"
    sign_in_failed = "staff.sign_in_failed"
    signed_out = "staff.signed_out"
    locked = "staff.locked"
    unlocked = "staff.unlocked"
    confirmed = "staff.confirmed"
    access_changed = "staff.access_changed"
    # clients
    client_added = "client.added"
    client_changed = "client.changed"
    client_revealed = "client.revealed"
    client_history_read = "client.history_read"
    client_entered_in_error = "client.entered_in_error"
    client_of_age = "client.of_age"
    client_under_age = "client.under_age"
    guardian_changed = "client.guardian_changed"
    agreement_changed = "client.agreement_changed"
    agreement_read = "client.agreement_read"
    phone_changed = "client.phone_changed"
    contact_changed = "client.contact_changed"
    release_changed = "client.release_changed"
    do_not_contact_changed = "client.do_not_contact_changed"
    tier_changed = "client.tier_changed"
    flag_overdue = "client.flag_overdue"
    number_shown = "client.number_shown"
    number_rung = "client.number_rung"
    disclosed = "client.disclosed"
    disclosures_read = "client.disclosures_read"
    second_look = "client.second_look"
    report_changed = "client.report_changed"
    reports_read = "client.reports_read"
    access_log_read = "client.access_log_read"
    minor_consent_changed = "client.minor_consent_changed"
    emergency_access_opened = "client.emergency_access_opened"
    emergency_access_ended = "client.emergency_access_ended"
    emergency_access_reviewed = "client.emergency_access_reviewed"
    emergency_access_tried = "client.emergency_access_tried"
    # code words: never the words themselves
    code_word_set = "code_word.set"
    code_word_ended = "code_word.ended"
    code_word_spent = "code_word.spent"
    code_word_told = "code_word.told"
    code_words_revealed = "code_word.revealed"
    code_words_rehearsed = "code_word.rehearsed"
    ordinary_question_set = "code_word.question_set"
    # safety plans
    plan_changed = "plan.changed"
    plan_agreed = "plan.agreed"
    plan_reviewed = "plan.reviewed"
    plan_opened = "plan.opened"
    plan_exported = "plan.exported"
    means_noted = "plan.means_noted"
    # brought in, and given out
    data_brought = "data.brought"
    record_exported = "data.record_exported"
    # tasks
    task_opened = "task.opened"
    task_handed_over = "task.handed_over"
    task_done = "task.done"
    task_undone = "task.undone"
    # what a client shares with a caregiver
    copy_made = "copy.made"
    copy_sent = "copy.sent"
    copy_ended = "copy.ended"
    copy_code_sent = "copy.code_sent"
    copy_code_wrong = "copy.code_wrong"
    copy_unlocked = "copy.unlocked"
    copy_opened = "copy.opened"
    copy_details_told = "copy.details_told"
    copy_details_decided = "copy.details_decided"
    # places and protocols
    dispatch_line_changed = "place.dispatch_line_changed"
    dispatch_line_checked = "place.dispatch_line_checked"
    lines_imported = "place.lines_imported"
    region_reviewed = "place.region_reviewed"
    state_card_changed = "place.state_card_changed"
    protocol_added = "protocol.added"
    protocol_approved = "protocol.approved"
    protocol_published = "protocol.published"
    protocol_retired = "protocol.retired"
    protocol_refused = "protocol.refused"
    protocol_accepted = "protocol.accepted"
    screener_loaded = "screener.loaded"
    screener_retired = "screener.retired"
    # group sessions
    group_changed = "group.changed"
    group_session_scheduled = "group_session.scheduled"
    group_session_changed = "group_session.changed"
    group_session_opened = "group_session.opened"
    group_session_closed = "group_session.closed"
    roster_changed = "group_session.roster_changed"
    link_made = "group_session.link_made"
    device_admitted = "group_session.device_admitted"
    device_waiting = "group_session.device_waiting"
    checked_in = "group_session.checked_in"
    place_told = "group_session.place_told"
    equipment_told = "group_session.equipment_told"
    pin_changed = "client.pin_changed"
    pin_opened = "client.pin_opened"
    pin_failed = "client.pin_failed"
    card_answered = "client.card_answered"
    card_settled = "client.card_settled"
    sheet_revealed = "group_session.sheet_revealed"
    presence_changed = "presence.changed"
    watch_started = "presence.watch_started"
    watch_ended = "presence.watch_ended"
    attendance_line = "presence.attendance_line"
    client_noted = "client.noted"
    client_told = "client.told"
    client_note_read = "client.note_read"
    client_signalled = "client.signalled"
    signal_answered = "client.signal_answered"
    signal_unanswered = "client.signal_unanswered"
    signal_reopened = "client.signal_reopened"
    # exercises, and one small step
    grounding_offered = "grounding.offered"
    grounding_started = "grounding.started"
    grounding_ended = "grounding.ended"
    grounding_closed = "grounding.closed"
    step_picked = "grounding.step_picked"
    person_unmatched = "platform.person_unmatched"
    person_matched = "platform.person_matched"
    platform_connected = "platform.connected"
    platform_ended = "platform.ended"
    # incidents
    incident_opened = "incident.opened"
    incident_taken = "incident.taken"
    incident_released = "incident.released"
    incident_renewed = "incident.renewed"
    ownership_asked = "incident.ownership_asked"
    ownership_expired = "incident.ownership_expired"
    incident_tier_changed = "incident.tier_changed"
    lowering_asked = "incident.lowering_asked"
    lowering_accepted = "incident.lowering_accepted"
    lowering_declined = "incident.lowering_declined"
    lowering_withdrawn = "incident.lowering_withdrawn"
    lowering_overtaken = "incident.lowering_overtaken"
    lowering_lapsed = "incident.lowering_lapsed"
    check_begun = "incident.check_begun"
    check_answered = "incident.check_answered"
    check_done = "incident.check_done"
    check_stopped = "incident.check_stopped"
    check_read = "incident.check_read"
    care_noted = "incident.care_noted"
    client_back = "incident.client_back"
    client_lost_again = "incident.client_lost_again"
    reached = "incident.reached"
    other_person = "incident.other_person"
    verified = "incident.verified"
    replied = "incident.replied"
    noted = "incident.noted"
    alert_seen = "incident.alert_seen"
    decided = "incident.decided"
    dispatch_opened = "incident.dispatch_opened"
    dispatch_recorded = "incident.dispatch_recorded"
    by_hand = "incident.by_hand"
    # an emergency
    emergency_declared = "emergency.declared"
    emergency_joined = "emergency.joined"
    emergency_taken_back = "emergency.taken_back"
    emergency_changed = "emergency.changed"
    emergency_marked = "emergency.marked"
    dispatch_dialed = "emergency.dialed"
    dispatch_call_changed = "emergency.call_changed"
    stand_down_proposed = "emergency.stand_down_proposed"
    stand_down_agreed = "emergency.stand_down_agreed"
    stand_down_told = "emergency.stand_down_told"
    stand_down_withdrawn = "emergency.stand_down_withdrawn"
    duty_begun = "emergency.duty_begun"
    duty_joined = "emergency.duty_joined"
    duty_changed = "emergency.duty_changed"
    duty_decided = "emergency.duty_decided"
    card_given = "emergency.card_given"
    card_exported = "emergency.card_exported"
    asked_of_contact = "emergency.asked_of_contact"
    death_recorded = "client.death_recorded"
    death_taken_back = "client.death_taken_back"
    death_read = "client.death_read"
    incident_closed = "incident.closed"
    concern_joined = "incident.concern_joined"
    danger_used = "incident.danger_used"
    danger_unsaid = "incident.danger_unsaid"
    triaged = "incident.triaged"
    outage_opened = "outage.opened"
    outage_joined = "outage.joined"
    outage_cleared = "outage.cleared"
    # agreements with a clock
    agreement_made = "agreement.made"
    agreement_due = "agreement.due"
    agreement_lapsed = "agreement.lapsed"
    agreement_taken = "agreement.taken"
    agreement_answered = "agreement.answered"
    agreement_checked = "agreement.checked"
    # handovers
    handoff_begun = "handoff.begun"
    handoff_written = "handoff.written"
    handoff_given = "handoff.given"
    handoff_read_back = "handoff.read_back"
    handoff_refused = "handoff.refused"
    handoff_withdrawn = "handoff.withdrawn"
    handoff_exported = "handoff.exported"
    # who has what of an incident
    lane_given = "lane.given"
    lane_taken = "lane.taken"
    lane_offered = "lane.offered"
    lane_accepted = "lane.accepted"
    lane_declined = "lane.declined"
    lane_offer_ended = "lane.offer_ended"
    lane_let_go = "lane.let_go"
    lane_vouched = "lane.vouched"
    lane_paused = "lane.paused"
    lane_pause_ended = "lane.pause_ended"
    lane_ended = "lane.ended"
    lane_unowned = "lane.unowned"
    lane_owned = "lane.owned"
    lane_asked = "lane.asked"
    lane_alone = "lane.alone"
    lane_settled = "lane.settled"
    lane_emergency = "lane.emergency"
    lane_stood_down = "lane.stood_down"
    lane_second = "lane.second"
    lane_second_over = "lane.second_over"
    # everybody else of a group in which something happened
    others_begun = "others.begun"
    others_said = "others.said"
    others_all = "others.all"
    others_moved = "others.moved"
    others_left = "others.left"
    others_joined = "others.joined"
    # what is owed after a crisis
    follow_up_owed = "follow_up.owed"
    follow_up_rung = "follow_up.rung"
    follow_up_tried = "follow_up.tried"
    follow_up_done = "follow_up.done"
    follow_up_missed = "follow_up.missed"
    follow_up_ended = "follow_up.ended"
    follow_up_read = "follow_up.read"
    check_ins_planned = "check_ins.planned"
    check_ins_ended = "check_ins.ended"
    # what staff practise with invented people
    practice_begun = "practice.begun"
    practice_saved = "practice.saved"
    practice_answered = "practice.answered"
    practice_kept = "practice.kept"
    practice_released = "practice.released"
    practice_signed = "practice.signed"
    # private rooms
    breakout_opened = "breakout.opened"
    breakout_goes = "breakout.goes"
    breakout_joined = "breakout.joined"
    breakout_asked = "breakout.asked"
    breakout_answered = "breakout.answered"
    breakout_unanswered = "breakout.unanswered"
    breakout_decided = "breakout.decided"
    breakout_ended = "breakout.ended"
    # steps
    step_planned = "step.planned"
    step_started = "step.started"
    step_done = "step.done"
    step_stopped = "step.stopped"
    step_skipped = "step.skipped"
    step_hurried = "step.hurried"
    step_late_ahead = "step.late_ahead"
    step_voided = "step.voided"
    step_overdue = "step.overdue"
    # protocols under way
    run_started = "run.started"
    run_ended = "run.ended"
    # attempts
    attempt_planned = "attempt.planned"
    attempt_dialing = "attempt.dialing"
    attempt_ringing = "attempt.ringing"
    attempt_answered = "attempt.answered"
    attempt_joined = "attempt.joined"
    attempt_pressed = "attempt.pressed"
    attempt_ended = "attempt.ended"
    attempt_failed = "attempt.failed"
    attempt_unknown = "attempt.unknown"
    attempt_adopted = "attempt.adopted"
    attempt_cancelled = "attempt.cancelled"
    attempt_refused = "attempt.refused"
    # the line that people call back on
    caller_waiting = "phone.caller_waiting"
    caller_missed = "phone.caller_missed"
    caller_put_through = "phone.caller_put_through"
    caller_rung_back = "phone.caller_rung_back"
    caller_handled = "phone.caller_handled"
    # engine
    engine_held = "engine.held"
    engine_released = "engine.released"
    sick_row = "engine.sick_row"


# Entries of these alone make no step, call or text due sooner: the engine is not woken by them.
CALM = frozenset(
    {
        Kind.presence_changed,
        Kind.practice_begun,
        Kind.practice_saved,
        Kind.practice_answered,
        Kind.practice_kept,
        Kind.practice_released,
        Kind.practice_signed,
    }
)

QUIET = frozenset(
    {
        Kind.client_revealed,
        Kind.check_answered,
        Kind.check_read,
        Kind.pin_opened,
        Kind.pin_failed,
        Kind.disclosures_read,
        Kind.reports_read,
        Kind.death_read,
        Kind.access_log_read,
        Kind.emergency_access_tried,
        Kind.client_history_read,
        Kind.plan_opened,
        Kind.plan_exported,
        Kind.handoff_exported,
        Kind.card_exported,
        Kind.copy_code_sent,
        Kind.copy_code_wrong,
        Kind.copy_unlocked,
        Kind.copy_opened,
        Kind.sheet_revealed,
        Kind.code_words_revealed,
        Kind.number_shown,
        Kind.follow_up_read,
        Kind.sign_in_failed,
        Kind.alert_seen,
        Kind.signed_in,
        Kind.confirmed,
        Kind.practice_begun,
        Kind.practice_saved,
        Kind.practice_answered,
        Kind.practice_kept,
        Kind.practice_released,
        Kind.practice_signed,
    }
)
