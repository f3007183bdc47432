//! Speed limits as people want them: for whom, how fast, until when; and how they stand on the routers.

mod acts;
mod block;
mod board;
mod kept;
mod leaving;
mod listing;
mod planned;
mod preset;
mod removal;
mod speed;
mod subject;
mod subscriber;
mod thought;
mod traffic;
mod traffic_view;
mod wording;

pub use acts::{LimitOutcome, LimitRequest};
pub use block::{BlockRequest, Blocked};
pub use board::{LimitBoard, LimitsSeen};
pub use kept::{LimitChange, LimitFound, LimitsKept, NoEffect, RouterLimits};
pub use listing::LimitView;
pub use planned::wanted_limits;
pub(crate) use speed::check_speed;
pub use speed::speed;
pub use subject::LimitWho;
pub(crate) use subject::canonical_mac;
pub use traffic::{
    LOOKED_AT_FOR, MOST_USERS, TrafficBoard, TrafficLook, TrafficRead, TrafficSeen, UserQueue, UserTraffic,
};
pub use traffic_view::{RouterTraffic, TrafficSource};
pub use wording::{found_for_people, found_name};
