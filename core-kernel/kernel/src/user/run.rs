//! Running a program to its end.

use spindle_abi::system_call::EXIT;
use spindle_arch::user::{Stopped, UserContext, run};
use spindle_arch::{serial, time};
use spindle_interfaces::trap::Answer;

use super::handlers::answer;
use super::memory::while_active;
use super::{Ended, Process, Report};

/// When the program has to be over, and what was seen of the clock last.
struct Budget {
    deadline: u64,
    seen: u64,
    budget_ms: u64,
}

impl Process {
    /// Runs it until it ends or has to be stopped, which `budget_ms` from now on it has. Returns it as it was then.
    pub(crate) fn run(self, budget_ms: u64) -> (Self, Report) {
        let Self { id, mut context, space } = self;
        let (space, report) = while_active(id, space, || to_its_end(id, &mut context, budget_ms));
        (Self { id, context, space }, report)
    }
}

fn to_its_end(process: u64, context: &mut UserContext, budget_ms: u64) -> Report {
    let mut budget = Budget::from_now(budget_ms);
    let (mut unanswered, mut first_unanswered) = (0, 0);
    let ended = loop {
        match run(context) {
            Stopped::SystemCall if context.number() == EXIT => break exited(context),
            Stopped::SystemCall => {
                let number = context.number();
                let result = answer(number, process, context.arguments());
                if result.is_none() {
                    first_unanswered = if unanswered == 0 { number } else { first_unanswered };
                    unanswered += 1;
                }
                context.set_result(result.unwrap_or(Answer::NO_SUCH_CALL.value));
            }
            Stopped::Interrupt => {}
            Stopped::Exception(fault) => break Ended::Faulted { fault, rip: context.rip() },
        }
        if let Some(ended) = budget.ends(context) {
            break ended;
        }
    };
    Report { ended, unanswered, first_unanswered }
}

fn exited(context: &UserContext) -> Ended {
    let [status, first, second, ..] = *context.arguments();
    Ended::Exited { status, rest: [first, second] }
}

impl Budget {
    /// At least one tick, whatever is asked for: what is left of the current one does not count.
    fn from_now(budget_ms: u64) -> Self {
        // From here on a ctrl-C is for the program.
        serial::take_break();
        let ticks = budget_ms.saturating_mul(time::TICKS_PER_SECOND).div_ceil(1_000).max(1);
        let seen = time::ticks();
        Self { deadline: seen.saturating_add(ticks).saturating_add(1), seen, budget_ms }
    }

    /// Whether the program is over, as far as the clock or the human are concerned. Looks once in a tick.
    #[inline(always)]
    fn ends(&mut self, context: &UserContext) -> Option<Ended> {
        let now = time::ticks();
        if now == self.seen {
            return None;
        }
        self.seen = now;
        let rip = context.rip();
        if serial::take_break() {
            return Some(Ended::Interrupted { rip });
        }
        (now >= self.deadline).then_some(Ended::OutOfTime { budget_ms: self.budget_ms, rip })
    }
}
