//! From where somebody acts: it goes with the task that carries an act out, so that every act's line in the journal has it.

use std::future::Future;

use tokio::task::JoinHandle;

tokio::task_local! {
    static ORIGIN: String;
}

/// Acts of what is done within come from there: a network address.
pub async fn coming_from<F: Future>(origin: String, doing: F) -> F::Output {
    ORIGIN.scope(origin, doing).await
}

/// From where this task acts; `None` where nobody asked, as when a limit runs out.
pub fn origin() -> Option<String> {
    ORIGIN.try_with(Clone::clone).ok()
}

/// A task of its own, which goes on when who asked goes away; its acts come from where this task's do.
pub fn spawn_on_behalf<T: Send + 'static>(doing: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
    match origin() {
        Some(origin) => tokio::spawn(coming_from(origin, doing)),
        None => tokio::spawn(doing),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_task_of_its_own_comes_from_the_same_place_and_nobody_from_nowhere() {
        assert_eq!(origin(), None);
        assert_eq!(spawn_on_behalf(async { origin() }).await.unwrap(), None);
        let there = coming_from("192.0.2.7".to_owned(), async { spawn_on_behalf(async { origin() }).await });
        assert_eq!(there.await.unwrap().as_deref(), Some("192.0.2.7"));
    }
}
