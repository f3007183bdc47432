//! Folding old entries: every answer stays what it was.

use accounting::Octets;
use accounting::ledger::Reason;
use store::{HeldAct, LedgerSubject, NasId, StoreError};

use crate::author::{ALL, Author, LOGINS, ROUNDS, day, days_of, lines, picture, utc};
use crate::every_store::on_every_store;
use crate::rounds::{BEGIN, act, shared, times};

on_every_store! {
    async fn no_answer_changes_while_old_entries_are_folded(store) {
        Author::new(store.clone()).await.write().await;
        let before = picture(&*store).await;
        assert_eq!((before.mismatches.as_slice(), before.held), (&[][..], 1));
        let foldable = store.foldable(day(2)).await.unwrap();
        assert_eq!((foldable[0].router.as_str(), foldable[0].folded_until), ("tower", None));
        let written = lines(&*store).await;
        let (mut steps, mut entries) = (0, 0);
        while let Some(folded) = store.fold_some(day(2), utc()).await.unwrap() {
            (steps, entries) = (steps + 1, entries + folded.entries);
            assert_eq!(picture(&*store).await, before, "after step {steps}");
        }
        assert!(steps > 2, "a day of {LOGINS} logins takes more than one step");
        assert_eq!(entries, foldable[0].entries);
        // Two days of each login and of nobody, and one of them on both sides of a renewal.
        let kept = written - lines(&*store).await;
        assert_eq!(entries - kept, 2 * (LOGINS + 1) + 1);
        assert_eq!(store.fold_some(day(2), utc()).await.unwrap(), None);
        assert_eq!(store.foldable(day(2)).await.unwrap()[0].entries, 0);
        assert_eq!(store.detail_from(None, store::Reach::Everywhere).await.unwrap().unwrap().bucket(), day(2));
        assert_eq!(store.detail_from(None, store::Reach::default()).await.unwrap(), None, "of no router of theirs");
    }

    async fn a_folded_entry_says_how_many_it_stands_for(store) {
        let mut author = Author::new(store.clone()).await;
        author.write().await;
        while store.fold_some(day(2), utc()).await.unwrap().is_some() {}
        let session = LedgerSubject::Session { nas: author.nas, no: 2 };
        let lines = store.entries(session, None, 10).await.unwrap();
        let told: Vec<_> = lines.iter().take(3).map(|line| (line.entry.reason, line.folded)).collect();
        assert_eq!(told, [(Reason::BroughtForward, Some(64)), (Reason::BroughtForward, Some(96)), (Reason::Grew, None)]);
        assert_eq!((lines[0].entry.from, lines[0].entry.polls), (BEGIN, 64));
        assert_eq!(lines[1].entry.to, times(159 * 900).at, "an entry belongs to its end");
        assert_eq!(lines[1].entry.from, times(63 * 900).at, "of both steps that folded its day");
        assert_eq!(lines[1].counter_name, None);
    }

    async fn counting_goes_on_after_folding(store) {
        let mut author = Author::new(store.clone()).await;
        author.write().await;
        while store.fold_some(day(9), utc()).await.unwrap().is_some() {}
        let changes = author.round(ROUNDS);
        store.commit(author.nas, 1, author.version, shared(changes)).await.unwrap();
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
        let mut wrong = author.round(ROUNDS + 1);
        wrong.new_entries[1].before += Octets::new(1, 0);
        wrong.new_entries[1].delta = wrong.new_entries[1].after;
        store.commit(author.nas, 1, author.version, shared(wrong)).await.unwrap();
        let mismatches = store.verify().await.unwrap().mismatches;
        assert!(mismatches.iter().any(|told| told.contains("goes on from")), "{mismatches:?}");
    }

    async fn days_may_be_those_of_any_zone_and_of_another_one_later(store) {
        let mut author = Author::new(store.clone()).await;
        author.write().await;
        let before = store.usage(ALL).await.unwrap();
        while store.fold_some(day(1) + 64, days_of(64)).await.unwrap().is_some() {}
        let bob = LedgerSubject::Session { nas: author.nas, no: 2 };
        let lines = store.entries(bob.clone(), None, 2).await.unwrap();
        assert_eq!(lines.iter().map(|line| line.folded).collect::<Vec<_>>(), [Some(32), Some(96)], "from 8 o'clock to 16");
        while store.fold_some(day(3), utc()).await.unwrap().is_some() {}
        assert_eq!(store.usage(ALL).await.unwrap(), before);
        let lines = store.entries(bob, None, 9).await.unwrap();
        assert_eq!(lines.iter().filter_map(|line| line.folded).sum::<u64>(), 64 + 2 * 96);
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    }

    async fn a_jump_held_since_before_is_released_as_ever(store) {
        let mut author = Author::new(store.clone()).await;
        author.write().await;
        while store.fold_some(day(9), utc()).await.unwrap().is_some() {}
        let held = store.list_held(None, 10).await.unwrap().remove(0);
        store.decide_held(held.key(), HeldAct::Released, act("held.release")).await.unwrap();
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    }

    async fn who_reads_in_parts_hears_of_folding_behind_their_place(store) {
        Author::new(store.clone()).await.write().await;
        let place = |line| store::BucketsAfter { nas: NasId(1), line: Some(line), folds: 0 };
        let (old, new) = (place((day(0), 1)), place((day(2), 1)));
        assert!(store.usage_by_bucket(ALL, Some(old)).await.is_ok());
        while store.fold_some(day(2), utc()).await.unwrap().is_some() {}
        assert!(matches!(store.usage_by_bucket(ALL, Some(old)).await, Err(StoreError::Constraint(_))));
        assert!(store.usage_by_bucket(ALL, Some(new)).await.is_ok());
    }
}
