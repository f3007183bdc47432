//! How several share one limit.

/// What each gets of `limit` bits per second: as much as it wishes for, or as much as anybody gets who wishes for more.
/// No bit is given twice and none is kept back while somebody wants it; real routers are not as even.
pub(super) fn shares(limit: u64, wishes: &[u64]) -> Vec<u64> {
    let mut modest_first: Vec<usize> = (0..wishes.len()).collect();
    modest_first.sort_by_key(|&one| wishes[one]);
    let mut given = vec![0; wishes.len()];
    let (mut left, mut waiting) = (limit, wishes.len() as u64);
    for one in modest_first {
        given[one] = wishes[one].min(left / waiting);
        left -= given[one];
        waiting -= 1;
    }
    given
}

#[cfg(test)]
mod tests {
    use super::shares;

    #[test]
    fn the_modest_get_what_they_wish_for_and_the_others_share_the_rest_to_the_bit() {
        for (limit, wishes, given) in [
            (10, vec![3], vec![3]),
            (10, vec![30], vec![10]),
            (10, vec![9, 9, 9], vec![3, 3, 4]),
            (10, vec![9, 1, 9], vec![4, 1, 5]),
            (10, vec![0, 4, 6], vec![0, 4, 6]),
            (1, vec![5, 5], vec![0, 1]),
            (10, vec![], vec![]),
        ] {
            assert_eq!(shares(limit, &wishes), given, "{limit} {wishes:?}");
        }
    }
}
