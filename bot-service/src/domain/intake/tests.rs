use shared::ids::{PipelineId, StatusId};

use super::*;

const fn stage(status: i64) -> Stage {
    Stage { pipeline_id: PipelineId(1), status_id: StatusId(status) }
}

const UNSORTED: Stage = stage(1);
const NEW: Stage = stage(10);
const MEASURE: Stage = stage(20);
const PRODUCTION: Stage = stage(30);
const WON_STAGE: Stage = stage(142);
const LOST_STAGE: Stage = stage(143);

fn at(second: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
}

fn rules() -> Rules {
    Rules { triggers: vec![MEASURE], cancels: vec![], unsorted: vec![UNSORTED] }
}

fn deal(stage: Stage, updated: i64) -> Deal {
    Deal {
        source: Source::AmoCrm,
        stage: Some(stage),
        is_deleted: Some(false),
        updated_at: Some(at(updated)),
        responsible: None,
        contact_id: None,
        facts: Facts::default(),
    }
}

fn known(stage: Stage, updated: i64) -> Known {
    Known { stage: Some(stage), updated_at: Some(at(updated)), ..Known::default() }
}

fn entered(stage: Stage, second: i64) -> Entry {
    Entry { stage, at: Some(at(second)), received_at: at(second + 1), is_of_journal: false }
}

fn untimed(stage: Stage, received: i64) -> Entry {
    Entry { stage, at: None, received_at: at(received), is_of_journal: false }
}

fn run(known: &Known, deal: &Deal, entries: &[Entry]) -> Decision {
    decide(&rules(), known, deal, entries, at(100_000))
}

fn open(second: i64) -> Decision {
    Decision::Open { entered_at: at(second), has_moved_on: false }
}

#[test]
fn a_deal_seen_moving_into_the_stage_opens_one_without_any_hook() {
    assert_eq!(run(&known(NEW, 1), &deal(MEASURE, 5), &[]), open(5));
}

#[test]
fn presence_in_the_stage_opens_nothing() {
    assert_eq!(run(&known(MEASURE, 1), &deal(MEASURE, 5), &[]), Decision::Record);
    assert_eq!(run(&Known::default(), &deal(MEASURE, 5), &[]), Decision::Record, "there before us");
}

#[test]
fn a_reported_entry_of_an_unknown_deal_opens_one() {
    assert_eq!(run(&Known::default(), &deal(MEASURE, 5), &[entered(MEASURE, 5)]), open(5));
}

#[test]
fn the_same_hook_again_opens_nothing_even_after_a_cancellation() {
    let cancelled = Known { entered_at: Some(at(5)), had_any: true, ..known(MEASURE, 5) };
    let again = [entered(MEASURE, 5), entered(MEASURE, 5)];
    assert_eq!(run(&cancelled, &deal(MEASURE, 9), &again), Decision::Record);
}

#[test]
fn leaving_and_coming_back_opens_another() {
    let cancelled = Known { entered_at: Some(at(5)), had_any: true, ..known(MEASURE, 5) };
    assert_eq!(run(&cancelled, &deal(MEASURE, 90), &[entered(MEASURE, 80)]), open(90));
}

#[test]
fn an_open_one_is_never_doubled() {
    let open = Known { open: OpenWork::OfDeal, had_any: true, ..known(NEW, 1) };
    assert_eq!(run(&open, &deal(MEASURE, 5), &[entered(MEASURE, 5)]), Decision::Record);
}

#[test]
fn a_deal_that_rushed_through_the_stage_is_not_missed() {
    let decision = run(&known(NEW, 1), &deal(PRODUCTION, 6), &[entered(MEASURE, 5)]);
    assert_eq!(decision, Decision::Open { entered_at: at(5), has_moved_on: true });
}

#[test]
fn a_deal_that_rushed_to_its_end_opens_nothing() {
    assert_eq!(run(&known(NEW, 1), &deal(WON_STAGE, 6), &[entered(MEASURE, 5)]), Decision::Record);
    assert_eq!(run(&known(NEW, 1), &deal(LOST_STAGE, 6), &[entered(MEASURE, 5)]), Decision::Record);
    let deleted = Deal { is_deleted: Some(true), ..deal(MEASURE, 6) };
    assert_eq!(run(&known(NEW, 1), &deleted, &[entered(MEASURE, 5)]), Decision::Record);
}

#[test]
fn a_late_hook_about_what_was_already_seen_is_no_news() {
    // Read at 9 inside the stage: the entry at 7 is covered by that.
    let seen = Known { entered_at: Some(at(9)), had_any: true, ..known(MEASURE, 9) };
    assert_eq!(run(&seen, &deal(MEASURE, 9), &[entered(MEASURE, 7)]), Decision::Record);
}

#[test]
fn a_late_hook_about_a_deal_recorded_without_an_entry_still_counts() {
    // The update hook overtook the add hook, so the deal was recorded as being there.
    assert_eq!(run(&known(MEASURE, 5), &deal(MEASURE, 5), &[entered(MEASURE, 5)]), open(5));
}

#[test]
fn an_entry_that_was_reported_is_not_observed_once_more() {
    // The hook of the entry at 9 was dealt with while AmoCRM still showed the stage before it.
    let behind = Known { entered_at: Some(at(9)), had_any: true, ..known(NEW, 5) };
    assert_eq!(run(&behind, &deal(MEASURE, 9), &[]), Decision::Record);
}

#[test]
fn an_untimed_entry_counts_unless_one_was_dealt_with_lately() {
    let handled = Known { entered_at: Some(at(5)), had_any: true, ..known(MEASURE, 5) };
    assert_eq!(run(&handled, &deal(MEASURE, 5), &[untimed(MEASURE, 3_600)]), Decision::Record);
    assert_eq!(run(&handled, &deal(MEASURE, 9_000), &[untimed(MEASURE, 9_000)]), open(9_000));
    assert_eq!(run(&Known::default(), &deal(MEASURE, 5), &[untimed(MEASURE, 6)]), open(6));
}

#[test]
fn an_older_answer_is_ignored() {
    assert_eq!(run(&known(NEW, 9), &deal(MEASURE, 5), &[entered(MEASURE, 5)]), Decision::Stale);
}

#[test]
fn a_won_stage_opens_where_it_is_a_trigger() {
    let rules = Rules { triggers: vec![WON_STAGE], ..rules() };
    assert_eq!(decide(&rules, &known(NEW, 1), &deal(WON_STAGE, 5), &[], at(9)), open(5));
}

#[test]
fn an_end_ends_the_open_one_once() {
    let open = Known { open: OpenWork::OfDeal, had_any: true, ..known(MEASURE, 1) };
    assert_eq!(run(&open, &deal(LOST_STAGE, 5), &[]), Decision::End(DealEnd::Closed));
    let deleted = Deal { is_deleted: Some(true), ..deal(MEASURE, 5) };
    assert_eq!(run(&open, &deleted, &[]), Decision::End(DealEnd::Deleted));

    let restored_by_a_person = Known { stage: Some(LOST_STAGE), ..open };
    assert_eq!(run(&restored_by_a_person, &deal(LOST_STAGE, 9), &[]), Decision::Record);
    let known_deleted = Known { is_deleted: true, ..open };
    assert_eq!(run(&known_deleted, &deleted, &[]), Decision::Record);
}

#[test]
fn winning_the_deal_ends_nothing() {
    let open = Known { open: OpenWork::OfDeal, had_any: true, ..known(MEASURE, 1) };
    assert_eq!(run(&open, &deal(WON_STAGE, 5), &[]), Decision::Record);
}

#[test]
fn a_deal_brought_back_into_the_stage_from_the_bin_opens_another() {
    let deleted = Known { is_deleted: true, had_any: true, entered_at: Some(at(1)), ..known(MEASURE, 1) };
    assert_eq!(run(&deleted, &deal(MEASURE, 9), &[]), open(9));
}

#[test]
fn a_hook_that_does_not_speak_of_deletion_leaves_a_deal_deleted() {
    let deleted = Known { is_deleted: true, had_any: true, entered_at: Some(at(1)), ..known(MEASURE, 1) };
    let hook = Deal { source: Source::Hook, is_deleted: None, ..deal(MEASURE, 9) };
    assert_eq!(run(&deleted, &hook, &[entered(MEASURE, 9)]), Decision::Record);
    let restored = Deal { is_deleted: Some(false), ..hook };
    assert_eq!(run(&deleted, &restored, &[]), open(9));
}

#[test]
fn configured_cancel_stages_replace_the_default() {
    let rules = Rules { cancels: vec![PRODUCTION], ..rules() };
    let open = Known { open: OpenWork::OfDeal, had_any: true, ..known(MEASURE, 1) };
    let to = |stage| decide(&rules, &open, &deal(stage, 5), &[], at(9));
    assert_eq!(to(PRODUCTION), Decision::End(DealEnd::Closed));
    assert_eq!(to(LOST_STAGE), Decision::Record);
}

#[test]
fn without_triggers_the_first_entry_opens_one_and_never_a_second() {
    let rules = Rules { triggers: vec![], ..rules() };
    let run =
        |known: &Known, stage, entries: &[Entry]| decide(&rules, known, &deal(stage, 5), entries, at(9));
    assert_eq!(run(&Known::default(), NEW, &[entered(NEW, 5)]), open(5));
    assert_eq!(run(&Known::default(), NEW, &[]), Decision::Record, "an edit is no entry");
    let had = Known { had_any: true, ..known(NEW, 1) };
    assert_eq!(run(&had, MEASURE, &[entered(MEASURE, 5)]), Decision::Record);
    for never in [UNSORTED, WON_STAGE, LOST_STAGE] {
        assert_eq!(run(&Known::default(), never, &[entered(never, 5)]), Decision::Record);
    }
}

#[test]
fn without_triggers_a_seen_change_of_stage_opens_one_too() {
    let rules = Rules { triggers: vec![], ..rules() };
    let run = |known: &Known, stage| decide(&rules, known, &deal(stage, 5), &[], at(9));
    assert_eq!(run(&known(NEW, 1), MEASURE), open(5));
    assert_eq!(run(&known(UNSORTED, 1), NEW), open(5), "somebody has taken it up");
    assert_eq!(run(&known(NEW, 1), NEW), Decision::Record);
    assert_eq!(run(&Known { had_any: true, ..known(NEW, 1) }, MEASURE), Decision::Record);
    for never in [UNSORTED, WON_STAGE, LOST_STAGE] {
        assert_eq!(run(&known(NEW, 1), never), Decision::Record);
    }
}

#[test]
fn hook_and_journal_tell_one_entry_whichever_is_first_and_a_second_apart() {
    let journal = |second| Entry::of_journal(MEASURE, at(second), at(second + 600));
    let seen = known(PRODUCTION, 9);
    let dealt_with = |until| Known { entered_at: Some(at(until)), ..seen };
    let moved_on = |entry: Entry| match run(&seen, &deal(PRODUCTION, 9), &[entry]) {
        Decision::Open { entered_at, .. } => entered_at,
        other => panic!("{other:?}"),
    };
    for (hook, told) in [(4, 5), (5, 4), (5, 5)] {
        let after_hook = Known { entered_at: Some(moved_on(entered(MEASURE, hook))), ..seen };
        assert!(!is_unheard(&rules(), &after_hook, &journal(told)));
        assert_eq!(run(&after_hook, &deal(PRODUCTION, 9), &[journal(told)]), Decision::Record);
        let after_journal = Known { entered_at: Some(moved_on(journal(told))), ..seen };
        assert_eq!(run(&after_journal, &deal(PRODUCTION, 9), &[entered(MEASURE, hook)]), Decision::Record);
    }
    assert!(is_unheard(&rules(), &dealt_with(4), &journal(60)));
    assert!(!is_unheard(&rules(), &seen, &Entry::of_journal(NEW, at(60), at(61))));
    let without_triggers = Rules { triggers: vec![], ..rules() };
    let had = Known { had_any: true, ..seen };
    assert!(is_unheard(&without_triggers, &seen, &journal(60)));
    assert!(!is_unheard(&without_triggers, &had, &journal(60)));
}

#[test]
fn what_a_person_asked_for_ends_with_the_deal_and_keeps_it_from_opening_nothing() {
    let asked_for = Known { open: OpenWork::OfPerson, had_any: true, ..known(NEW, 1) };
    assert_eq!(run(&asked_for, &deal(LOST_STAGE, 5), &[]), Decision::End(DealEnd::Closed));
    assert_eq!(run(&asked_for, &deal(MEASURE, 5), &[]), open(5));
    let seen = Known { open: OpenWork::OfPerson, ..known(LOST_STAGE, 5) };
    assert_eq!(run(&seen, &deal(LOST_STAGE, 6), &[]), Decision::Record, "it was asked for after the end");
}
