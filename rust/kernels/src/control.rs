//! How a long kernel stays polite: between chunks it asks whether to go on.

use crate::Error;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Instant;

/// The caller's wishes while a kernel runs: stop, be done by then, say how far you are.
///
/// A kernel asks [`go_on`](Self::go_on) between chunks, slices or iterations, so often that
/// no more than some 50 ms pass.
#[derive(Debug, Default)]
pub struct Control {
    stop: AtomicBool,
    deadline: Option<Instant>,
    done: AtomicUsize,
    total: AtomicUsize,
}

impl Control {
    /// A control whose work should end by `deadline`.
    pub fn until(deadline: Option<Instant>) -> Self {
        Self { deadline, ..Self::default() }
    }

    /// Asks the kernel to end at its next opportunity.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// Whether the caller still wants an answer.
    ///
    /// # Errors
    ///
    /// [`Error::Stopped`] once the caller has lost interest (Ctrl-C).
    pub fn go_on(&self) -> Result<(), Error> {
        if self.stop.load(Ordering::Relaxed) { Err(Error::Stopped) } else { Ok(()) }
    }

    /// Whether the time is up. That is no error: the kernel returns what it has, and says so.
    pub fn expired(&self) -> bool {
        self.deadline.is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Says that `total` steps are to be done.
    pub fn expect(&self, total: usize) {
        self.total.store(total, Ordering::Relaxed);
    }

    /// Says that `steps` more of them are done.
    pub fn advance(&self, steps: usize) {
        self.done.fetch_add(steps, Ordering::Relaxed);
    }

    /// How much is done, from 0 to 1; 0 where the kernel does not say.
    pub fn fraction(&self) -> f64 {
        match self.total.load(Ordering::Relaxed) {
            0 => 0.0,
            total => (self.done.load(Ordering::Relaxed) as f64 / total as f64).min(1.0),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stop_is_heard() {
        let control = Control::default();
        assert_eq!(control.go_on(), Ok(()));
        control.stop();
        assert_eq!(control.go_on(), Err(Error::Stopped));
    }

    #[test]
    fn a_deadline_passes_and_is_no_stop() {
        let control = Control::until(Some(Instant::now()));
        assert!(control.expired());
        assert_eq!(control.go_on(), Ok(()));
        assert!(!Control::default().expired());
    }

    #[test]
    fn progress_is_a_fraction() {
        let control = Control::default();
        assert_eq!(control.fraction(), 0.0);
        control.expect(4);
        control.advance(1);
        assert_eq!(control.fraction(), 0.25);
        control.advance(9);
        assert_eq!(control.fraction(), 1.0);
    }
}
