//! However a hook is put together, every event of it is found.

use proptest::collection::btree_map;
use proptest::prelude::*;
use proptest::sample::select;

use super::*;

const ACTIONS: [&str; 9] =
    ["add", "update", "status", "responsible", "delete", "restore", "mail_in", "note", "contact"];

/// One entity: where it stands, and its id.
fn hooks() -> impl Strategy<Value = Vec<((&'static str, u64), i64)>> {
    let places = (select(ACTIONS.to_vec()), any::<u64>());
    btree_map(places, 1..=i64::MAX, 0..40).prop_map(|map| map.into_iter().collect())
}

fn pairs(hooks: &[((&'static str, u64), i64)]) -> Vec<(String, String)> {
    let entity = |((action, index), id): &((&str, u64), i64)| {
        let key = match *action {
            "note" => format!("leads[note][{index}][note][element_id]"),
            "contact" => format!("contacts[update][{index}][id]"),
            action => format!("leads[{action}][{index}][id]"),
        };
        (key, id.to_string())
    };
    hooks.iter().map(entity).collect()
}

fn ids(reading: &Reading<'_>) -> Vec<i64> {
    let mut ids: Vec<_> = reading
        .found
        .iter()
        .map(|found| match &found.subject {
            Subject::Lead { lead_id, .. } => lead_id.0,
            Subject::Contact { contact_id, .. } => contact_id.0,
        })
        .collect();
    ids.sort_unstable();
    ids
}

proptest! {
    #[test]
    fn every_entity_is_found_in_any_order_and_encoding(
        (hooks, shuffled) in hooks().prop_flat_map(|hooks| (Just(hooks.clone()), Just(pairs(&hooks)).prop_shuffle())),
    ) {
        let mut expected: Vec<_> = hooks.iter().map(|(_, id)| *id).collect();
        expected.sort_unstable();
        let encoded = form_urlencoded::Serializer::new(String::new()).extend_pairs(&shuffled).finish();
        let literal: Vec<_> = pairs(&hooks).into_iter().map(|(key, id)| format!("{key}={id}")).collect();
        for body in [encoded, literal.join("&")] {
            let reading = read_raw(&body);
            prop_assert!(!reading.is_partial());
            prop_assert_eq!(ids(&reading), expected.clone());
        }
    }

    #[test]
    fn no_tree_makes_it_panic(body in "((leads|contacts|unsorted|account)(\\[(add|delete|note|0|id|)\\]){0,4}=[a1]{0,2}&){0,8}") {
        let reading = read_raw(&body);
        prop_assert!(reading.found.len() <= 8);
    }
}
