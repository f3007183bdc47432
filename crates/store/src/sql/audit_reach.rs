//! Which acts of the journal whoever is bound to groups of routers is told: those that name a router or a subscriber whom they reach, and
//! no other. What is not known to be theirs is not told, whatever acts there will be.

/// A field of the particulars, which are an object as a text.
macro_rules! field {
    ($name:literal) => {
        concat!(
            "(CASE WHEN audit.detail LIKE '{%' THEN audit.detail /*postgres ::json*/ ->> '",
            $name,
            "' END)"
        )
    };
}
pub(super) use field;

/// A condition: the act is on a router that is reached, by its name since it is called so, or by its row. One that puts it into another
/// group names that group, and is left out.
macro_rules! act_on_reached_router {
    ($reach:literal) => {
        concat!(
            "EXISTS (SELECT 1 FROM nas AS its JOIN nas_group AS of_it ON of_it.id = its.group_id
                 WHERE its.removed_at IS NULL AND its.created_at <= audit.at AND ",
            reached!($reach, "its.group_id"),
            " AND coalesce(",
            field!("group"),
            ", of_it.name) = of_it.name
                   AND (its.name = CASE
                          WHEN audit.action IN ('router.add', 'router.edit', 'router.certificate', 'held.release', 'held.reject',
                                                'limit.leave', 'voucher.off') THEN audit.subject
                          ELSE ",
            field!("router"),
            " END OR its.id = CAST(",
            field!("nas"),
            " AS bigint)))"
        )
    };
}
pub(super) use act_on_reached_router;

/// A condition: the act is on a subscriber who is reached, and names no router or group beyond.
macro_rules! act_on_reached_subscriber {
    ($reach:literal) => {
        concat!(
            "(audit.action LIKE 'subscriber.%' OR audit.action LIKE 'credit.%')
             AND EXISTS (SELECT 1 FROM subscriber WHERE subscriber.id = ",
            field!("id"),
            " AND ",
            subscriber_reached!($reach),
            ") AND (coalesce(",
            field!("scope"),
            ", 'all') = 'all' OR EXISTS (
                 SELECT 1 FROM nas AS its JOIN nas_group AS of_it ON of_it.id = its.group_id
                 WHERE its.removed_at IS NULL AND ",
            reached!($reach, "its.group_id"),
            " AND ",
            field!("scope"),
            " IN ('router ' || its.name, 'group ' || of_it.name)))"
        )
    };
}
pub(super) use act_on_reached_subscriber;
