//! The journal.

use accounting::time::Micros;
use store::{AuditQuery, AuditRecord, NewAudit};

use crate::every_store::on_every_store;
use crate::rounds::{act, router};

on_every_store! {
    async fn the_journal_is_told_newest_first_and_paged(store) {
        store.append_audit(act("serve.start")).await.unwrap();
        store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        store.append_audit(act("serve.stop")).await.unwrap();
        let page = store.list_audit(AuditQuery { limit: 2, reach: store::Reach::Everywhere, ..AuditQuery::default() }).await.unwrap();
        let told: Vec<_> = page.iter().map(|record| (record.seq, record.act.action.as_str())).collect();
        assert_eq!(told, [(3, "serve.stop"), (2, "router.add")]);
        let rest = store.list_audit(AuditQuery { before: Some(2), limit: 2, reach: store::Reach::Everywhere, ..AuditQuery::default() }).await.unwrap();
        assert_eq!((rest.len(), &rest[0].act), (1, &act("serve.start")));
    }

    async fn the_journal_is_narrowed_by_who_and_what(store) {
        let by = |actor: &str, action: &str| NewAudit { actor: actor.to_owned(), ..act(action) };
        for (actor, action) in [("eva", "router.add"), ("ben", "router.add"), ("eva", "plan.add"), ("Eva", "router.add")] {
            store.append_audit(by(actor, action)).await.unwrap();
        }
        let evas = AuditQuery { actor: Some("eva".to_owned()), limit: 9, reach: store::Reach::Everywhere, ..AuditQuery::default() };
        let seqs = |records: Vec<AuditRecord>| records.into_iter().map(|record| record.seq).collect::<Vec<_>>();
        assert_eq!(seqs(store.list_audit(evas.clone()).await.unwrap()), [3, 1]);
        assert_eq!(seqs(store.list_audit(AuditQuery { before: Some(3), ..evas.clone() }).await.unwrap()), [1]);
        let added = AuditQuery { action: Some("router.add".to_owned()), ..evas };
        assert_eq!(seqs(store.list_audit(added.clone()).await.unwrap()), [1]);
        assert_eq!(seqs(store.list_audit(AuditQuery { actor: None, limit: 2, ..added }).await.unwrap()), [4, 2]);
    }

    async fn the_journal_is_narrowed_by_whom_and_when_and_tells_from_where(store) {
        for (at, subject, origin) in [(1, "tower", None), (2, "tower", Some("192.0.2.7")), (2, "harbour", None), (3, "tower", None)] {
            let origin = origin.map(str::to_owned);
            store.append_audit(NewAudit { at: Micros(at), subject: subject.to_owned(), origin, ..act("router.edit") }).await.unwrap();
        }
        let (since, until) = (Some(Micros(2)), Some(Micros(3)));
        let query = AuditQuery { subject: Some("tower".to_owned()), since, until, limit: 9, reach: store::Reach::Everywhere, ..AuditQuery::default() };
        let told = store.list_audit(query).await.unwrap();
        assert_eq!(told.iter().map(|record| record.seq).collect::<Vec<_>>(), [2]);
        assert_eq!(told[0].act.origin.as_deref(), Some("192.0.2.7"));
        assert_eq!(store.verify().await.unwrap().mismatches, Vec::<String>::new());
    }

    async fn each_hash_depends_on_all_before(store) {
        store.append_audit(act("same")).await.unwrap();
        store.append_audit(act("same")).await.unwrap();
        let told = store.list_audit(AuditQuery { limit: 9, reach: store::Reach::Everywhere, ..AuditQuery::default() }).await.unwrap();
        assert_ne!(told[0].hash, told[1].hash);
        let report = store.verify().await.unwrap();
        assert_eq!((report.audit_checked, report.mismatches), (2, vec![]));
    }
}
