//! Both logins, refusals, and what happens to those who talk before they logged in.

use routeros_proto::Command;
use routeros_sim::faults::Fault;
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{AfterFailedLogin, Device, OverMaxSessions, Personality, World};

use crate::client::{Client, End, words};

async fn router(personality: Personality, set: impl FnOnce(&mut Device)) -> SimRouter {
    let mut device = Device::new("r", personality, 1);
    set(&mut device);
    SimRouter::start(World::new(device), Options::default()).await.expect("a free port")
}

#[tokio::test]
async fn both_login_methods_let_the_right_password_in_and_no_other() {
    for personality in Personality::ALL {
        let router = router(personality, |_| ()).await;
        let mut client = Client::connect(router.addr()).await;
        let refusal = client.log_in("admin", "wrong").await.expect_err("the password is wrong");
        let End::Trap(trap) = refusal else { panic!("{refusal:?}") };
        let expected =
            if personality.challenges() { "cannot log in" } else { "invalid user name or password (6)" };
        assert_eq!(trap.message, expected);
        client.log_in("admin", "simulated").await.expect("stays open for another try");
        client.call(Command::new("/system/identity/print")).await.ok();
        let stats = router.stats();
        assert_eq!((stats.logins, stats.refused_logins), (1, 1));
    }
}

#[tokio::test]
async fn a_refused_login_closes_the_socket_where_the_switch_says_so() {
    let router = router(Personality::V7_12, |device| {
        device.switches.after_failed_login = AfterFailedLogin::Closes;
    });
    let mut client = Client::connect(router.await.addr()).await;
    assert!(client.log_in("admin", "wrong").await.is_err());
    assert_eq!(client.words().await, None);
}

#[tokio::test]
async fn commands_before_the_login_end_the_connection() {
    let router = router(Personality::V7_12, |_| ()).await;
    let mut client = Client::connect(router.addr()).await;
    let answer = client.call(Command::new("/interface/print")).await;
    assert!(matches!(answer.end, End::Fatal(_)), "{answer:?}");
    assert_eq!(client.words().await, None);
}

#[tokio::test]
async fn quit_says_fatal_as_a_bare_word() {
    let router = router(Personality::V7_12, |_| ()).await;
    let mut client = Client::login(&router).await;
    client.send(&Command::new("/quit")).await;
    assert_eq!(client.words().await, words(&["!fatal", "session terminated on request"]));
    assert_eq!(client.words().await, None);
}

#[tokio::test]
async fn above_max_sessions_each_switch_behaves_as_it_says() {
    let behaviours = [OverMaxSessions::Close, OverMaxSessions::Trap, OverMaxSessions::Refuse];
    for behaviour in behaviours {
        let router = router(Personality::V7_20, |device| {
            device.max_sessions = 2;
            device.switches.over_max_sessions = behaviour;
        })
        .await;
        let first = Client::login(&router).await;
        let _second = Client::login(&router).await;
        assert_over_limit(&router, behaviour).await;
        drop(first);
        while router.stats().open_connections > 1 {
            tokio::task::yield_now().await;
        }
        Client::login(&router).await;
        router.faults().once(Fault::MaxSessions);
        assert_over_limit(&router, behaviour).await;
    }
}

async fn assert_over_limit(router: &SimRouter, behaviour: OverMaxSessions) {
    let mut third = Client::connect(router.addr()).await;
    if behaviour == OverMaxSessions::Trap {
        let refusal = third.log_in("admin", "simulated").await;
        assert!(matches!(refusal, Err(End::Trap(_))), "{refusal:?}");
    }
    assert_eq!(third.words().await, None);
    drop(third);
    while router.stats().open_connections > 2 {
        tokio::task::yield_now().await;
    }
}

#[tokio::test]
async fn an_armed_auth_failure_refuses_the_right_password() {
    let router = router(Personality::V7_20, |_| ()).await;
    router.faults().once(Fault::AuthFailure);
    let mut client = Client::connect(router.addr()).await;
    assert!(matches!(client.log_in("admin", "simulated").await, Err(End::Trap(_))));
    client.log_in("admin", "simulated").await.expect("the fault is spent");
}
