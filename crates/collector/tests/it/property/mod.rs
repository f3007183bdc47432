//! The proof of the accounting over the whole router-facing half: random scripts against the simulator's truth
//! (DESIGN section 5). For every login: total <= truth <= total + bound, where the truth is what sessions transferred
//! since coverage began that a round saw in one of the tables which tell of them; what no round saw and what resets by
//! hand hid is counted apart and printed, and so are the logins of which no bound can be asked (see [`beyond`]).

mod acts;
mod beyond;
mod bypassed;
mod checked;
mod facing;
mod faulty;
mod listening;
mod queue;
mod renewals;
mod replayed;
mod script;
mod setting;
mod stage;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use accounting::Octets;
use accounting::ledger::Reason;
use accounting::login::LoginKind;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};
use routeros_sim::world::LoginTruth;
use store::{LedgerRepository, LedgerSubject, UsageQuery, UsageRepository, UsageRow, VerifyRepository};
use tokio::runtime::Runtime;

use checked::{Checked, Said, Subject, octets};
use renewals::Known;
use script::Step;
use setting::Setting;
use stage::Stage;

/// Scripts in one run of the tests; more on request.
const SCRIPTS: u32 = 2_000;
/// Environment variable with another number of scripts.
const SCRIPTS_VARIABLE: &str = "TIKMETER_PROPERTY_SCRIPTS";
/// How many run at once: much of their time is waiting for routers that do not answer.
const AT_ONCE: u32 = 4;

static LOGINS_CHECKED: AtomicU64 = AtomicU64::new(0);
static NEVER_SHOWN: AtomicU64 = AtomicU64::new(0);
static HIDDEN_BY_RESET: AtomicU64 = AtomicU64::new(0);
static BEYOND: AtomicU64 = AtomicU64::new(0);
static UNBOUNDED: AtomicU64 = AtomicU64::new(0);
static STATIC_BOUNDED: AtomicU64 = AtomicU64::new(0);
static QUEUES_BOUNDED: AtomicU64 = AtomicU64::new(0);
static DEVICES_BOUNDED: AtomicU64 = AtomicU64::new(0);
static ONLY_HEARD: AtomicU64 = AtomicU64::new(0);
static CYCLES: AtomicU64 = AtomicU64::new(0);
static TAILS_TOLD: AtomicU64 = AtomicU64::new(0);

#[test]
fn totals_never_exceed_the_truth_and_the_truth_never_exceeds_the_bound() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let scripts = std::env::var(SCRIPTS_VARIABLE).map_or(SCRIPTS, |number| number.parse().unwrap());
    let failed = AtomicBool::new(false);
    let failures: Vec<String> = std::thread::scope(|scope| {
        let runners = (0..AT_ONCE).map(|runner| {
            let (runtime, failed) = (&runtime, &failed);
            scope.spawn(move || run_scripts(share(scripts, runner), runtime, failed))
        });
        let runners: Vec<_> = runners.collect();
        runners.into_iter().filter_map(|runner| runner.join().unwrap().err()).collect()
    });
    println!(
        "{scripts} scripts, {} logins checked; octets beyond polling: {} never shown, {} hidden by resets; {} logins beyond a bound; {} bounds unbounded; {} interfaces, {} queues and {} devices without a login bounded; {} sessions only heard of; {} cycles closed; {} tails told",
        LOGINS_CHECKED.load(Ordering::Relaxed),
        NEVER_SHOWN.load(Ordering::Relaxed),
        HIDDEN_BY_RESET.load(Ordering::Relaxed),
        BEYOND.load(Ordering::Relaxed),
        UNBOUNDED.load(Ordering::Relaxed),
        STATIC_BOUNDED.load(Ordering::Relaxed),
        QUEUES_BOUNDED.load(Ordering::Relaxed),
        DEVICES_BOUNDED.load(Ordering::Relaxed),
        ONLY_HEARD.load(Ordering::Relaxed),
        CYCLES.load(Ordering::Relaxed),
        TAILS_TOLD.load(Ordering::Relaxed),
    );
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    let tails = TAILS_TOLD.load(Ordering::Relaxed);
    assert!(scripts < SCRIPTS || tails > 0, "scripts in which no sum tells a tail prove nothing of them");
}

/// A runner's share of the scripts. Where the seed is fixed, each runner has its own.
fn share(scripts: u32, runner: u32) -> Config {
    let config = Config::default();
    let rng_seed = match config.rng_seed {
        RngSeed::Fixed(seed) => RngSeed::Fixed(seed.wrapping_mul(AT_ONCE.into()).wrapping_add(runner.into())),
        RngSeed::Random => RngSeed::Random,
    };
    Config { cases: scripts / AT_ONCE, rng_seed, max_shrink_iters: 400, failure_persistence: None, ..config }
}

/// Plays scripts until a runner has found one that fails.
fn run_scripts(config: Config, runtime: &Runtime, failed: &AtomicBool) -> Result<(), String> {
    let mine = AtomicBool::new(false);
    let outcome = TestRunner::new(config).run(&(setting::setting(), script::script()), |(setting, steps)| {
        if failed.load(Ordering::Relaxed) && !mine.load(Ordering::Relaxed) {
            return Ok(());
        }
        let outcome = runtime.block_on(play(&setting, &steps));
        if outcome.is_err() {
            failed.store(true, Ordering::Relaxed);
            mine.store(true, Ordering::Relaxed);
        }
        outcome
    });
    outcome.map_err(|failure| failure.to_string())
}

async fn play(setting: &Setting, steps: &[Step]) -> Result<(), TestCaseError> {
    let mut stage = Stage::set(setting).await;
    for step in steps {
        stage.play(step).await;
    }
    stage.close().await;
    check(&stage).await
}

async fn check(stage: &Stage) -> Result<(), TestCaseError> {
    let report = stage.sqlite.verify().await.unwrap();
    if !report.is_clean() {
        return Err(TestCaseError::fail(format!("verify: {:?}", report.mismatches)));
    }
    let query = UsageQuery {
        buckets: i64::MIN / 2..i64::MAX / 2,
        router: None,
        username: None,
        subscriber: None,
        reach: store::Reach::Everywhere,
    };
    let rows = stage.sqlite.usage(query).await.unwrap();
    let (said, unattributed) = by_login(rows);
    let mut truth = stage.sim.with_world(|world| world.truth_since(&stage.mark));
    for session in &mut truth.sessions {
        let shown = stage.sim.with_world(|world| stage.beyond.was_shown(world, session));
        let apart = || stage.sim.with_world(|world| !stage.beyond.is_taken_for_another(world, session));
        let only_heard = !shown && stage.listening.heard(session.key) && apart();
        ONLY_HEARD.fetch_add(only_heard.into(), Ordering::Relaxed);
        session.was_shown &= shown || only_heard;
    }
    count_tails(stage).await;
    let beyond = stage.sim.with_world(|world| stage.beyond.logins(world));
    let mut counted = unattributed.total;
    for ((on_hotspot, login), truth) in truth.by_subject() {
        if login == bypassed::LOGIN.as_bytes() {
            continue;
        }
        let login = (if on_hotspot { LoginKind::Hotspot } else { LoginKind::Ppp }, login);
        let said = said.get(&login).copied().unwrap_or(Said { total: Octets::ZERO, upper: Some(0) });
        counted += said.total;
        if beyond.contains(&login) {
            BEYOND.fetch_add(1, Ordering::Relaxed);
        }
        let said = if beyond.contains(&login) { Said { upper: None, ..said } } else { said };
        if let Err(wrong) = check_login(&login.1, &truth, said, unattributed) {
            let ledger = ledger_of(stage, login).await;
            return Err(TestCaseError::fail(format!("{wrong}\n{ledger}")));
        }
    }
    check_static(stage, &said).await?;
    let known = Known { truth: &truth, beyond: &beyond, unattributed };
    let closed = stage.renewals.check(&stage.sqlite, &known).await.map_err(TestCaseError::fail)?;
    CYCLES.fetch_add(closed, Ordering::Relaxed);
    counted += check_device(stage, &said).await?;
    let all = octets(truth.total());
    if counted.input > all.input || counted.output > all.output {
        return Err(TestCaseError::fail(format!("{counted:?} counted, the router only moved {all:?}")));
    }
    Ok(())
}

async fn count_tails(stage: &Stage) {
    for user in script::USERS {
        let kind = Some(LoginKind::Hotspot);
        let subject = LedgerSubject::Login { router: "r".to_owned(), username: Some(user.into()), kind };
        let entries = stage.sqlite.entries(subject, None, 1_000).await.unwrap();
        let tails = entries.iter().filter(|row| row.entry.reason == Reason::Tail).count();
        TAILS_TOLD.fetch_add(tails as u64, Ordering::Relaxed);
    }
}

/// Those who are counted by an interface or a queue of their own.
async fn check_static(stage: &Stage, said: &BTreeMap<Subject, Said>) -> Result<(), TestCaseError> {
    let of = |login: &str| {
        let said = said.get(&(LoginKind::StaticIp, login.as_bytes().to_vec())).copied();
        let said = said.unwrap_or(Said { total: Octets::ZERO, upper: Some(0) });
        (said.total, said.upper)
    };
    let (facing, queue) =
        stage.sim.with_world(|world| (stage.facing.passed(world), stage.queue.passed(world)));
    for (login, passed, bounded) in
        [(facing::LOGIN, facing, &STATIC_BOUNDED), (queue::LOGIN, queue, &QUEUES_BOUNDED)]
    {
        if let Some(passed) = passed {
            let subject = (LoginKind::StaticIp, login.as_bytes().to_vec());
            note(stage, subject, checked::check(login, &passed, of(login)), bounded).await?;
        }
    }
    Ok(())
}

/// Counts how far the check of a login went, or tells its ledger with what is wrong.
async fn note(
    stage: &Stage,
    login: Subject,
    checked: Result<Checked, String>,
    bounded: &AtomicU64,
) -> Result<(), TestCaseError> {
    let counter = match checked {
        Ok(Checked::Bounded) => bounded,
        Ok(Checked::Unbounded) => &UNBOUNDED,
        Ok(Checked::Beyond) => &BEYOND,
        Err(wrong) => {
            let ledger = ledger_of(stage, login).await;
            return Err(TestCaseError::fail(format!("{wrong}\n{ledger}")));
        }
    };
    counter.fetch_add(1, Ordering::Relaxed);
    LOGINS_CHECKED.fetch_add(1, Ordering::Relaxed);
    Ok(())
}

/// What counts for the device that the hotspot lets through at times.
async fn check_device(stage: &Stage, said: &BTreeMap<Subject, Said>) -> Result<Octets, TestCaseError> {
    let of = |login: &str| (LoginKind::Hotspot, login.as_bytes().to_vec());
    let device = said.get(&of(bypassed::LOGIN)).copied();
    let device = device.unwrap_or(Said { total: Octets::ZERO, upper: Some(0) });
    let user = said.get(&of(bypassed::USER)).map_or(Octets::ZERO, |user| user.total);
    let checked =
        stage.sim.with_world(|world| stage.bypassed.check(world, (device.total, device.upper), user));
    note(stage, of(bypassed::LOGIN), checked, &DEVICES_BOUNDED).await?;
    Ok(device.total)
}

fn by_login(rows: Vec<UsageRow>) -> (BTreeMap<Subject, Said>, Said) {
    let mut said: BTreeMap<Subject, Said> = BTreeMap::new();
    let mut unattributed = Said { total: Octets::ZERO, upper: Some(0) };
    for row in rows {
        let of_row = Said { total: row.octets, upper: row.observation.upper_octets };
        match row.kind.zip(row.username) {
            Some(login) => {
                said.insert(login, of_row);
            }
            None => unattributed = of_row,
        }
    }
    (said, unattributed)
}

/// The login's ledger, for whoever has to find out what went wrong.
async fn ledger_of(stage: &Stage, (kind, login): Subject) -> String {
    let subject = LedgerSubject::Login { router: "r".to_owned(), username: Some(login), kind: Some(kind) };
    let entries = stage.sqlite.entries(subject, None, 1_000).await.unwrap();
    let line = |row: &store::EntryRow| {
        let entry = &row.entry;
        format!(
            "{} {:?} session {:?} counter {:?} {:?}: {:?} -> {:?} unseen {:?}",
            entry.to.0,
            entry.reason,
            entry.session,
            entry.counter,
            entry.delta,
            entry.before,
            entry.after,
            entry.unseen
        )
    };
    entries.iter().map(line).collect::<Vec<_>>().join("\n")
}

fn check_login(login: &[u8], truth: &LoginTruth, said: Said, unattributed: Said) -> Result<(), String> {
    LOGINS_CHECKED.fetch_add(1, Ordering::Relaxed);
    NEVER_SHOWN.fetch_add(octets(truth.never_shown).both(), Ordering::Relaxed);
    HIDDEN_BY_RESET.fetch_add(octets(truth.hidden_by_reset).both(), Ordering::Relaxed);
    let name = login.escape_ascii();
    let all = octets(truth.total());
    if said.total.input > all.input || said.total.output > all.output {
        return Err(format!("{name}: said {:?}, the truth is {truth:?}", said.total));
    }
    let Some((upper, unnamed)) = said.upper.zip(unattributed.upper) else {
        UNBOUNDED.fetch_add(1, Ordering::Relaxed);
        return Ok(());
    };
    let most = said.total.both() + upper + unattributed.total.both() + unnamed;
    if octets(truth.shown).both() > most {
        return Err(format!(
            "{name}: said {:?} and at most {upper} more (unattributed {unattributed:?}), the truth is {truth:?}",
            said.total
        ));
    }
    Ok(())
}
