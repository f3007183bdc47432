//! The journal.

use crate::every_store::on_every_store;
use crate::rounds::{act, router};

on_every_store! {
    async fn the_journal_is_told_newest_first_and_paged(store) {
        store.append_audit(act("serve.start")).await.unwrap();
        store.insert_nas(router("tower"), act("router.add")).await.unwrap();
        store.append_audit(act("serve.stop")).await.unwrap();
        let page = store.list_audit(None, 2).await.unwrap();
        let told: Vec<_> = page.iter().map(|record| (record.seq, record.act.action.as_str())).collect();
        assert_eq!(told, [(3, "serve.stop"), (2, "router.add")]);
        let rest = store.list_audit(Some(2), 2).await.unwrap();
        assert_eq!((rest.len(), &rest[0].act), (1, &act("serve.start")));
    }

    async fn each_hash_depends_on_all_before(store) {
        store.append_audit(act("same")).await.unwrap();
        store.append_audit(act("same")).await.unwrap();
        let told = store.list_audit(None, 9).await.unwrap();
        assert_ne!(told[0].hash, told[1].hash);
        let report = store.verify().await.unwrap();
        assert_eq!((report.audit_checked, report.mismatches), (2, vec![]));
    }
}
