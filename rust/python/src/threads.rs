//! Where a kernel runs: here and now, or outside the interpreter while we watch for signals.

use crate::error::Failure;
use mlmath::{Control, threads};
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::OnceLock;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::{Duration, Instant};

/// Below this many nanoseconds, leaving the interpreter costs more than it gives others.
const STAY: usize = 20_000;
/// Below this, waking other threads costs more than they give.
const ALONE: usize = 100_000;
/// Below this, one thread does the work itself: no one has time to press Ctrl-C.
const WATCH: usize = 20_000_000;
/// How long a Ctrl-C may wait to be heard.
const SLICE: Duration = Duration::from_millis(40);

/// What a call will take and may use.
#[derive(Default)]
pub struct Work<'a, 'py> {
    /// About how many nanoseconds the kernel will take on one thread.
    pub cost: usize,
    /// The argument `threads=`.
    pub threads: Option<usize>,
    /// The argument `deadline=`: seconds from now.
    pub deadline: Option<f64>,
    /// The argument `progress=`: called with a number from 0 to 1, now and then.
    pub progress: Option<&'a Bound<'py, PyAny>>,
}

impl Work<'_, '_> {
    /// Work that brings no wishes of its own.
    pub fn new(cost: usize, threads: Option<usize>) -> Self {
        Self { cost, threads, ..Self::default() }
    }
}

/// Runs `kernel`.
///
/// Every kernel comes through here, so this is the only place that knows of the
/// interpreter's lock, of signals, of the pool and of panics. `E` is the kernel's own error,
/// or [`Failure`] where the kernel calls back into Python.
pub fn run<R: Send, E: Into<Failure>>(
    py: Python<'_>,
    work: &Work<'_, '_>,
    kernel: impl FnOnce(&Control) -> Result<R, E> + Send,
) -> PyResult<R> {
    let control = Control::until(deadline(work.deadline)?);
    let asked = threads_asked_for(work.threads)?;
    let mut once = Some(kernel);
    let mut result = Err(Failure::Panic);
    let mut kernel = |control: &Control| {
        if let Some(kernel) = once.take()
            && let Ok(found) = catch_unwind(AssertUnwindSafe(|| kernel(control)))
        {
            result = found.map_err(Into::into);
        }
    };
    if work.cost < STAY {
        kernel(&control);
    } else {
        leave(py, work, asked, &control, &mut kernel)?;
    }
    result.map_err(PyErr::from)
}

/// Runs `kernel` outside the interpreter, on the threads that it is worth.
///
/// Not generic: this is compiled once, not once per kernel and element type.
fn leave(
    py: Python<'_>,
    work: &Work<'_, '_>,
    threads: Option<usize>,
    control: &Control,
    kernel: &mut (dyn FnMut(&Control) + Send),
) -> PyResult<()> {
    let count = threads.unwrap_or_else(thread_count);
    let alone = work.cost < if count == 1 { WATCH } else { ALONE };
    if alone && work.progress.is_none() {
        py.detach(|| kernel(control));
        return Ok(());
    }
    let progress = work.progress.map(|callable| callable.clone().unbind());
    py.detach(|| watched(control, count, progress.as_ref(), kernel))
}

/// Runs `kernel` in the pool; this thread asks Python for signals meanwhile.
///
/// Returns the exception of a signal or of `progress`, once the kernel has ended.
fn watched(
    control: &Control,
    count: usize,
    progress: Option<&Py<PyAny>>,
    kernel: &mut (dyn FnMut(&Control) + Send),
) -> PyResult<()> {
    let Some(pool) = threads::pool(count) else {
        kernel(control);
        return Ok(());
    };
    pool.in_place_scope(|scope| {
        let (done, waiting) = mpsc::channel();
        scope.spawn(move |_| {
            kernel(control);
            // The receiver waits for as long as this scope lasts.
            let _ = done.send(());
        });
        let mut stopped = Ok(());
        while let Err(RecvTimeoutError::Timeout) = waiting.recv_timeout(SLICE) {
            if stopped.is_ok() {
                stopped = Python::attach(|py| attend(py, control, progress));
                if stopped.is_err() {
                    control.stop();
                }
            }
        }
        stopped
    })
}

/// Lets Python handle its signals, and tells `progress` how far the kernel is.
fn attend(py: Python<'_>, control: &Control, progress: Option<&Py<PyAny>>) -> PyResult<()> {
    py.check_signals()?;
    if let Some(progress) = progress {
        progress.call1(py, (control.fraction(),))?;
    }
    Ok(())
}

fn deadline(seconds: Option<f64>) -> PyResult<Option<Instant>> {
    let Some(seconds) = seconds else { return Ok(None) };
    match Duration::try_from_secs_f64(seconds) {
        Ok(duration) => Ok(Instant::now().checked_add(duration)),
        Err(_) => Err(PyValueError::new_err(format!("deadline: must be seconds >= 0, got {seconds}"))),
    }
}

thread_local! {
    /// What `thread_limit` says for this Python thread; 0 for nothing.
    static LIMIT: Cell<usize> = const { Cell::new(0) };
}

fn threads_asked_for(argument: Option<usize>) -> PyResult<Option<usize>> {
    match argument {
        Some(0) => Err(PyValueError::new_err("threads: must be >= 1, got 0")),
        argument => Ok(argument),
    }
}

/// The number of threads where a call does not say: the limit of this Python thread, else
/// the environment, else the CPUs that this process may use.
pub fn thread_count() -> usize {
    match LIMIT.get() {
        0 => default_count(),
        limit => limit,
    }
}

fn default_count() -> usize {
    static COUNT: OnceLock<usize> = OnceLock::new();
    *COUNT.get_or_init(|| {
        ["MLMATH_NUM_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS"]
            .iter()
            .filter_map(|name| std::env::var(name).ok()?.parse().ok())
            .find(|&count: &usize| count >= 1)
            .or_else(|| std::thread::available_parallelism().ok().map(Into::into))
            .unwrap_or(1)
            .min(threads::MAX_THREADS)
    })
}

/// Limits the threads of the calling Python thread; returns the limit before. `None` is no limit.
#[pyfunction]
pub fn set_thread_limit(limit: Option<usize>) -> PyResult<Option<usize>> {
    let limit = threads_asked_for(limit)?;
    let before = LIMIT.replace(limit.unwrap_or(0));
    Ok((before > 0).then_some(before))
}

/// The number of threads that a call without `threads=` may use now.
#[pyfunction]
pub fn get_thread_limit() -> usize {
    thread_count()
}

/// Waits for `seconds` as a long kernel does: polite to signals, deadline and progress.
///
/// There to test the gateway itself.
#[pyfunction]
#[pyo3(signature = (seconds, threads=None, deadline=None, progress=None))]
pub fn wait(
    py: Python<'_>,
    seconds: f64,
    threads: Option<usize>,
    deadline: Option<f64>,
    progress: Option<&Bound<'_, PyAny>>,
) -> PyResult<bool> {
    let cost = (seconds * 1e9) as usize;
    run(py, &Work { cost, threads, deadline, progress }, |control| {
        if seconds.is_nan() {
            return Err(Failure::Python(PyTypeError::new_err("seconds: expected a number, got nan")));
        }
        let start = Instant::now();
        control.expect(cost);
        while start.elapsed().as_secs_f64() < seconds {
            control.go_on()?;
            if control.expired() {
                return Ok(false);
            }
            std::thread::sleep(Duration::from_millis(1));
            control.advance(1_000_000);
        }
        Ok(true)
    })
}
