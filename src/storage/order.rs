//! Which `seq` numbers have to change so that items stand in a wanted order: as few as can be,
//! because each is a file that shows up in the user's diff.

/// An item of the wanted order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// Its number now.
    pub(super) seq: Option<u32>,
    /// What decides between equal numbers.
    pub(super) tie: (String, String),
}

/// The numbers that put a moved item where it stands in the wanted order, one for each item; as
/// few change as can be, and rather the moved item's than another's.
pub(super) fn numbers_after_move(wanted: &[Place], moved: usize) -> Vec<Option<u32>> {
    let mut without = wanted.to_vec();
    if let Some(place) = without.get_mut(moved) {
        place.seq = None;
    }
    // It gets a new number; or, among items without numbers, it has none; or it keeps its own.
    [
        numbers(&without, Some(moved)),
        numbers(&without, None),
        numbers(wanted, None),
    ]
    .into_iter()
    .min_by_key(|plan| rewrites(wanted, plan))
    .unwrap_or_default()
}

/// Numbers for a wanted order. Items at the end without a number keep none as long as their names
/// sort that way; the `numbered` one gets a number in any case.
fn numbers(wanted: &[Place], numbered: Option<usize>) -> Vec<Option<u32>> {
    let tail = unnumbered_tail(wanted, numbered);
    let head = wanted.get(..wanted.len() - tail).unwrap_or_default();
    let kept = kept(head);
    let mut out: Vec<Option<u32>> = Vec::with_capacity(wanted.len());
    let mut last = 0_u32;
    for (place, keep) in head.iter().zip(kept) {
        last = match place.seq.filter(|_| keep) {
            Some(seq) => seq,
            None => last + 1,
        };
        out.push(Some(last));
    }
    out.resize(wanted.len(), None);
    out
}

/// How many files a plan rewrites.
fn rewrites(wanted: &[Place], numbers: &[Option<u32>]) -> usize {
    wanted
        .iter()
        .zip(numbers)
        .filter(|(place, number)| place.seq != **number)
        .count()
}

fn unnumbered_tail(wanted: &[Place], numbered: Option<usize>) -> usize {
    let mut count = 0;
    let mut next: Option<&Place> = None;
    for (at, place) in wanted.iter().enumerate().rev() {
        if place.seq.is_some()
            || numbered == Some(at)
            || next.is_some_and(|next| next.tie <= place.tie)
        {
            break;
        }
        count += 1;
        next = Some(place);
    }
    count
}

/// The largest set of items that can keep their numbers: between two of them there must be room
/// for the others, and before the first as well.
fn kept(items: &[Place]) -> Vec<bool> {
    let room = u32::MAX - u32::try_from(items.len()).unwrap_or(u32::MAX);
    // For each item: the longest chain that ends with it, and the item before it there.
    let mut chains: Vec<(usize, Option<usize>)> = Vec::with_capacity(items.len());
    for (at, item) in items.iter().enumerate() {
        let Some(seq) = item.seq.filter(|seq| *seq < room) else {
            chains.push((0, None));
            continue;
        };
        let mut best = if at == 0 || seq as usize > at {
            (1, None)
        } else {
            (0, None)
        };
        for (before, (earlier, chain)) in items.iter().zip(&chains).enumerate() {
            let Some(earlier_seq) = earlier.seq.filter(|_| chain.0 > 0) else {
                continue;
            };
            let between = at - before - 1;
            let fits = match seq.checked_sub(earlier_seq) {
                Some(0) => between == 0 && earlier.tie < item.tie,
                Some(gap) => gap as usize > between,
                None => false,
            };
            if fits && chain.0 + 1 > best.0 {
                best = (chain.0 + 1, Some(before));
            }
        }
        chains.push(best);
    }
    let mut kept = vec![false; items.len()];
    let mut at = chains
        .iter()
        .enumerate()
        .filter(|(_, chain)| chain.0 > 0)
        .max_by_key(|(at, chain)| (chain.0, std::cmp::Reverse(*at)))
        .map(|(at, _)| at);
    while let Some(index) = at {
        if let Some(slot) = kept.get_mut(index) {
            *slot = true;
        }
        at = chains.get(index).and_then(|chain| chain.1);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn places(items: &[(Option<u32>, &str)]) -> Vec<Place> {
        items
            .iter()
            .map(|(seq, name)| Place {
                seq: *seq,
                tie: ((*name).to_owned(), (*name).to_owned()),
            })
            .collect()
    }

    fn check(items: &[(Option<u32>, &str)], moved: usize, expected: &[Option<u32>], files: usize) {
        let wanted = places(items);
        let numbers = numbers_after_move(&wanted, moved);
        assert_eq!(numbers, expected);
        assert_eq!(rewrites(&wanted, &numbers), files);
    }

    #[test]
    fn a_gap_is_used() {
        let one = |n| Some(n);
        check(
            &[(one(1), "a"), (one(30), "c"), (one(10), "b")],
            1,
            &[one(1), one(2), one(10)],
            1,
        );
        check(&[(one(5), "b"), (one(3), "a")], 1, &[one(5), one(6)], 1);
        check(&[(one(7), "b"), (one(3), "a")], 0, &[one(1), one(3)], 1);
        check(&[(one(1), "a"), (one(3), "b")], 1, &[one(1), one(3)], 0);
        check(&[(one(1), "a"), (None, "b")], 1, &[one(1), None], 0);
        check(&[(one(1), "b"), (one(9), "a")], 1, &[one(1), one(9)], 0);
    }

    #[test]
    fn the_last_moved_to_the_front_renumbers_no_more_than_needed() {
        let wanted = places(&[(Some(3), "c"), (Some(1), "a"), (Some(2), "b")]);
        let numbers = numbers_after_move(&wanted, 0);
        assert!(numbers.is_sorted());
        assert_eq!(rewrites(&wanted, &numbers), 2);
    }

    #[test]
    fn equal_and_missing_numbers_stay_where_names_sort() {
        check(&[(Some(1), "a"), (Some(1), "b")], 1, &[Some(1), Some(1)], 0);
        check(&[(None, "a"), (None, "b")], 1, &[None, None], 0);
        check(
            &[(None, "a"), (Some(4), "b"), (None, "c")],
            1,
            &[None, None, None],
            1,
        );
        check(
            &[(None, "b"), (None, "a"), (None, "c")],
            0,
            &[Some(1), None, None],
            1,
        );
    }

    proptest::proptest! {
        #[test]
        fn the_wanted_order_comes_out(seqs in proptest::collection::vec(proptest::option::of(0_u32..12), 1..12), at in 0_usize..12) {
            let wanted: Vec<Place> = seqs
                .iter()
                .enumerate()
                .map(|(at, seq)| Place { seq: *seq, tie: (format!("{}", at * 7 % 5), at.to_string()) })
                .collect();
            let numbers = numbers_after_move(&wanted, at % wanted.len());
            let keys: Vec<_> = wanted
                .iter()
                .zip(&numbers)
                .map(|(place, number)| (number.unwrap_or(u32::MAX), place.tie.clone()))
                .collect();
            proptest::prop_assert!(keys.is_sorted(), "{:?}", keys);
            proptest::prop_assert!(numbers.iter().flatten().all(|number| *number < 1000));
        }
    }
}
