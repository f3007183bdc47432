//! What those who keep limits and devices of vouchers would send to a router that nobody polls. They look at it over a connection of its
//! own, and send nothing that would change anything.

use std::convert::Infallible;

use accounting::time::Micros;
use operations::{Marks, RouterCommandError, ThoughtVouchers, VoucherBoard};
use routeros_proto::{Event, Tagged};
use store::{NasId, WantedLimit};
use tokio::sync::oneshot;
use tokio::time::Instant;

use crate::limits;
use crate::link::Target;
use crate::link::error::{Closed, LinkError};
use crate::link::login::log_in;
use crate::link::transport::{Transport, Wait};
use crate::prints::LoginsElsewhere;
use crate::vouchers;

/// Devices of vouchers first, then queues. `now`: the time in the books of vouchers.
///
/// # Errors
/// Why it is not known what would be sent.
pub async fn plan_alone(
    target: &Target,
    (nas, marks): (NasId, Marks),
    (wanted, thought): (Vec<WantedLimit>, Option<ThoughtVouchers>),
    now: Micros,
) -> Result<Vec<String>, RouterCommandError> {
    let mut keepers = Keepers {
        limits: limits::Keeper::new(marks.clone()),
        vouchers: vouchers::Keeper::new(nas, VoucherBoard::default(), marks),
        now,
    };
    let (answer, of_limits) = oneshot::channel();
    keepers.limits.order(limits::Order { thought: Some(wanted), dry_run: true, answers: vec![answer] });
    let of_vouchers = thought.map(|thought| {
        let (answer, answered) = oneshot::channel();
        keepers.vouchers.order(vouchers::Order::Plan(thought, answer));
        answered
    });
    let answers = async {
        let mut commands = match of_vouchers {
            Some(answered) => answered.await.unwrap_or(Err(RouterCommandError::NotPolled))?,
            None => Vec::new(),
        };
        commands.extend(of_limits.await.unwrap_or(Err(RouterCommandError::NotPolled))?.commands);
        Ok(commands)
    };
    tokio::select! {
        planned = answers => planned,
        looked = keepers.look(target) => match looked {
            Ok(never) => match never {},
            Err(error) => Err(RouterCommandError::Unreachable(error.to_string().trim_end_matches('.').to_owned())),
        },
    }
}

struct Keepers {
    limits: limits::Keeper,
    vouchers: vouchers::Keeper,
    now: Micros,
}

impl Keepers {
    /// Asks what they want to know, until that fails.
    async fn look(&mut self, target: &Target) -> Result<Infallible, LinkError> {
        let mut transport = Transport::connect(target).await?;
        log_in(&mut transport, &target.user, &target.password, target.deadlines.login).await?;
        let (mut replies, idle) = (Tagged::new(), target.deadlines.idle);
        loop {
            self.take_replies(&mut transport, &mut replies)?;
            let (now, mut out) = (Instant::now(), Vec::new());
            let elsewhere = LoginsElsewhere::default();
            self.vouchers.step((now, self.now), &mut replies, &mut out);
            self.limits.step((now, elsewhere), &mut replies, &mut out);
            for command in out {
                transport.send(&command, idle).await?;
            }
            let due = [self.limits.due(now, elsewhere), self.vouchers.due(now)].into_iter().flatten().min();
            tokio::select! {
                filled = transport.fill(Wait::idle(idle)) => filled?,
                () = tokio::time::sleep_until(due.unwrap_or(now + idle)) => {}
            }
        }
    }

    fn take_replies(&mut self, transport: &mut Transport, replies: &mut Tagged) -> Result<(), LinkError> {
        while let Some(reply) = transport.reply()? {
            match replies.accept(reply) {
                (_, Event::Fatal(text)) => return Err(LinkError::Closed(Closed::Fatal(text))),
                (Some(tag), event) => {
                    self.limits.accept(tag, &event);
                    self.vouchers.accept(tag, &event);
                }
                (None, _) => {}
            }
        }
        Ok(())
    }
}
