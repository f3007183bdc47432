//! A command is begun once, by who has the router, and its row says what became of it.

use std::time::Duration;

use store::{Beginning, CommandState, NasId, NasPatch, NewCommand, Node, NodeRole, Store};
use uuid::Uuid;

use crate::every_store::on_shared_stores;
use crate::rounds::{act, quiet, router, shared};

const TERM: Duration = Duration::from_secs(60);
const ZERO: Duration = Duration::ZERO;

fn reading(nas: NasId) -> NewCommand {
    NewCommand { id: Uuid::new_v4(), nas, kind: "read_now".to_owned(), arguments: "7".to_owned() }
}

/// A router that the process east has.
async fn easts(store: &dyn Store) -> NasId {
    let nas = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
    takes_part(store, "east").await;
    nas
}

async fn takes_part(store: &dyn Store, name: &str) -> Node {
    let node = Node::new(name, NodeRole::All);
    store.join(node.clone(), TERM).await.unwrap();
    store.share_out(node.clone()).await.unwrap();
    node
}

on_shared_stores! {
    async fn it_is_known_who_polls_a_router(store) {
        let nas = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        assert_eq!(store.polled_by(nas).await, Ok(None));
        let east = takes_part(&*store, "east").await;
        assert_eq!(store.polled_by(nas).await, Ok(Some("east".to_owned())));
        let off = NasPatch { enabled: Some(false), ..NasPatch::default() };
        store.update_nas(nas, off, act("router.edit")).await.unwrap();
        assert_eq!(store.polled_by(nas).await, Ok(None));
        let on = NasPatch { enabled: Some(true), ..NasPatch::default() };
        store.update_nas(nas, on, act("router.edit")).await.unwrap();
        store.leave(east).await.unwrap();
        assert_eq!(store.polled_by(nas).await, Ok(None));
        assert_eq!(store.polled_by(NasId(99)).await, Ok(None));
    }

    async fn a_command_is_begun_once_and_by_who_has_the_router(store) {
        let nas = easts(&*store).await;
        let command = reading(nas);
        assert_eq!(store.begin_command(command.clone(), "west").await, Ok(Beginning::NotHeld));
        assert_eq!(store.list_commands(10).await.unwrap(), []);
        assert_eq!(store.begin_command(command.clone(), "east").await, Ok(Beginning::Begun));
        let again = store.begin_command(command.clone(), "east").await.unwrap();
        let Beginning::Known(known) = again else { panic!("{again:?}") };
        assert_eq!((known.id, known.nas, known.kind.as_str()), (command.id, nas, "read_now"));
        assert_eq!((known.state, known.node.as_deref()), (CommandState::Begun, Some("east")));
        assert_eq!((known.seq_before, known.ended_at, known.outcome), (Some(0), None, None));
        assert_eq!(known.arguments.as_deref(), Some("7"));
        assert_eq!(store.end_command(command.id, "{\"x\":1}".to_owned()).await, Ok(true));
        assert_eq!(store.end_command(command.id, "{}".to_owned()).await, Ok(false), "it has one");
        assert_eq!(store.end_command(Uuid::new_v4(), "{}".to_owned()).await, Ok(false));
        let [ended] = &store.list_commands(10).await.unwrap()[..] else { panic!("one") };
        assert_eq!((ended.state, ended.outcome.as_deref()), (CommandState::Ended, Some("{\"x\":1}")));
        assert!(ended.ended_at >= Some(ended.made_at));
    }

    async fn what_was_withdrawn_is_never_begun_and_what_was_begun_is_not_withdrawn(store) {
        let nas = easts(&*store).await;
        let (late, early) = (reading(nas), reading(nas));
        let withdrawn = store.withdraw_command(late.clone()).await.unwrap();
        assert_eq!((withdrawn.state, withdrawn.node), (CommandState::Withdrawn, None));
        let Ok(Beginning::Known(known)) = store.begin_command(late.clone(), "east").await else { panic!() };
        assert_eq!(known.state, CommandState::Withdrawn);
        assert_eq!(store.end_command(late.id, "{}".to_owned()).await, Ok(false));
        store.begin_command(early.clone(), "east").await.unwrap();
        assert_eq!(store.withdraw_command(early.clone()).await.unwrap().state, CommandState::Begun);
        store.end_command(early.id, "{}".to_owned()).await.unwrap();
        assert_eq!(store.withdraw_command(early).await.unwrap().outcome.as_deref(), Some("{}"));
    }

    async fn what_was_begun_under_an_older_lease_is_unsettled(store) {
        let nas = easts(&*store).await;
        let (lost, ended, later) = (reading(nas), reading(nas), reading(nas));
        for command in [&lost, &ended] {
            assert_eq!(store.begin_command(command.clone(), "east").await, Ok(Beginning::Begun));
        }
        store.end_command(ended.id, "{}".to_owned()).await.unwrap();
        assert_eq!(store.unsettled_commands("east", true, ZERO).await, Ok(vec![]), "it may be at work");
        takes_part(&*store, "east").await;
        assert_eq!(store.begin_command(later, "east").await, Ok(Beginning::Begun));
        let epoch = store.load(nas).await.unwrap().lease_epoch;
        let version = store.bindings_version().await.unwrap();
        store.commit(nas, epoch, version, shared(quiet(1, 7))).await.unwrap();
        let [unsettled] = &store.unsettled_commands("east", false, ZERO).await.unwrap()[..] else { panic!("one") };
        assert_eq!((unsettled.command.id, unsettled.command.seq_before), (lost.id, Some(0)));
        assert_eq!((unsettled.last.0, unsettled.epoch), (1, epoch));
        assert_eq!(unsettled.last.1, Some(crate::rounds::times(7).at));
        assert!(unsettled.command.epoch < Some(epoch));
        assert_eq!(unsettled.command.arguments.as_deref(), Some("7"));
        assert_eq!(store.unsettled_commands("east", false, TERM).await, Ok(vec![]), "it may be in somebody's hands");
        assert_eq!(store.unsettled_commands("west", false, ZERO).await, Ok(vec![]), "it is another's");
        let off = NasPatch { enabled: Some(false), ..NasPatch::default() };
        store.update_nas(nas, off, act("router.edit")).await.unwrap();
        assert_eq!(store.unsettled_commands("west", true, ZERO).await.unwrap().len(), 2, "nobody is to poll it");
    }

    async fn old_commands_are_forgotten_unless_their_outcome_is_not_known(store) {
        let nas = easts(&*store).await;
        let (begun, ended) = (reading(nas), reading(nas));
        store.begin_command(begun.clone(), "east").await.unwrap();
        store.begin_command(ended.clone(), "east").await.unwrap();
        store.end_command(ended.id, "{}".to_owned()).await.unwrap();
        store.withdraw_command(reading(nas)).await.unwrap();
        store.forget_commands(TERM).await.unwrap();
        assert_eq!(store.list_commands(10).await.unwrap().len(), 3);
        assert_eq!(store.list_commands(2).await.unwrap().len(), 2);
        while store.list_commands(10).await.unwrap().len() > 1 {
            store.forget_commands(Duration::ZERO).await.unwrap();
        }
        assert_eq!(store.list_commands(10).await.unwrap()[0].id, begun.id);
    }
}

/// Where one process has the database for itself, every router that is polled is its own, and what was begun and is not in its
/// hands is of a run before it.
#[tokio::test]
async fn on_a_file_a_command_is_begun_without_a_lease_and_left_by_a_run_before() {
    crate::every_store::on_sqlite(|store| async move {
        let nas = store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        let command = reading(nas);
        assert_eq!(store.begin_command(command.clone(), "alone").await, Ok(Beginning::Begun));
        assert!(matches!(store.begin_command(command.clone(), "alone").await, Ok(Beginning::Known(_))));
        let [left] = &store.unsettled_commands("alone", true, ZERO).await.unwrap()[..] else { panic!("one") };
        assert_eq!((left.command.id, left.command.arguments.as_deref()), (command.id, Some("7")));
        assert_eq!(store.unsettled_commands("alone", true, TERM).await, Ok(vec![]));
        store.end_command(command.id, "{}".to_owned()).await.unwrap();
        assert_eq!(store.unsettled_commands("alone", true, ZERO).await, Ok(vec![]));
        let off = NasPatch { enabled: Some(false), ..NasPatch::default() };
        store.update_nas(nas, off, act("router.edit")).await.unwrap();
        assert_eq!(store.begin_command(reading(nas), "alone").await, Ok(Beginning::NotHeld));
    })
    .await;
}
