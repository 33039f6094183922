//! Threads: a pool per process and count, and work cut by length.
//!
//! Chunks have borders that depend on the length of the input only, and their results are
//! combined in order: the same bits come out for any number of threads.
//!
//! Nothing starts before it is needed. A pool belongs to the process that made it: rayon's
//! threads do not survive a fork, so a child leaves the parent's pools alone and makes its own.

use crate::{Control, Error};
use rayon::prelude::*;
use rayon::{ThreadPool, ThreadPoolBuilder};
use std::ops::Range;
use std::sync::{Mutex, OnceLock, PoisonError};

/// More threads than this are never used.
pub const MAX_THREADS: usize = 256;

/// The pools of one process, by their number of threads.
struct Pools {
    process: u32,
    pools: [OnceLock<Option<ThreadPool>>; MAX_THREADS],
    /// The pools of a child that was forked off since.
    next: OnceLock<&'static Pools>,
}

impl Pools {
    fn new() -> Self {
        Self {
            process: std::process::id(),
            pools: [const { OnceLock::new() }; MAX_THREADS],
            next: OnceLock::new(),
        }
    }

    /// This process's own: no lock is shared with the parent it was forked from.
    fn of_this_process() -> &'static Self {
        static FIRST: OnceLock<Pools> = OnceLock::new();
        let process = std::process::id();
        let mut pools = FIRST.get_or_init(Self::new);
        while pools.process != process {
            pools = pools.next.get_or_init(|| Box::leak(Box::new(Self::new())));
        }
        pools
    }
}

/// Bytes of stack of a worker, as the main thread has. Kernels hold whole groups of matrices in
/// local arrays, of which a build without optimisation makes several copies: more than the 2 MiB
/// that are usual for threads. Only what is touched is ever allocated.
const STACK: usize = 8 << 20;

/// The pool of `count` threads, made when it is first asked for; `None` where the system
/// refuses threads, and then the work is done on the calling one.
pub fn pool(count: usize) -> Option<&'static ThreadPool> {
    let count = count.clamp(1, MAX_THREADS);
    Pools::of_this_process().pools[count - 1]
        .get_or_init(|| {
            ThreadPoolBuilder::new()
                .num_threads(count)
                .thread_name(|index| format!("mlmath-{index}"))
                .stack_size(STACK)
                .build()
                .ok()
        })
        .as_ref()
}

/// Runs `work` with `count` threads at its disposal.
///
/// Outside of this, [`map_chunks`] and [`for_chunks`] run on the calling thread alone.
pub fn with_threads<R: Send>(count: usize, work: impl FnOnce() -> R + Send) -> R {
    match pool(count) {
        Some(pool) => pool.install(work),
        None => work(),
    }
}

/// Whether the calling thread belongs to a pool whose other threads may help.
fn may_share() -> bool {
    rayon::current_thread_index().is_some() && rayon::current_num_threads() > 1
}

/// The chunk of `0..length` that starts at `index * size`.
fn chunk(index: usize, size: usize, length: usize) -> Range<usize> {
    index * size..((index + 1) * size).min(length)
}

/// `work` for each of `0..count`, by all threads of the pool.
///
/// Not generic: what the pool needs is compiled once, not once per kernel and element type.
fn share(count: usize, work: &(dyn Fn(usize) -> Result<(), Error> + Sync)) -> Result<(), Error> {
    (0..count).into_par_iter().try_for_each(work)
}

/// A place that one thread fills or empties, while others see to theirs.
type Slot<T> = Mutex<Option<T>>;

fn take<T>(slot: &Slot<T>) -> Option<T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// What the threads come upon at a few places, told in the order of the places.
#[derive(Debug)]
pub struct Found<T>(Mutex<Vec<(usize, T)>>);

impl<T> Default for Found<T> {
    fn default() -> Self {
        Self(Mutex::new(Vec::new()))
    }
}

impl<T> Found<T> {
    /// Takes in what was found, each with its place; nothing, which is the rule, costs nothing.
    pub fn add(&self, found: impl IntoIterator<Item = (usize, T)>) {
        let mut found = found.into_iter();
        if let Some(first) = found.next() {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.push(first);
            all.extend(found);
        }
    }

    /// All that was found.
    pub fn in_order(self) -> Vec<(usize, T)> {
        let mut all = self.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        all.sort_unstable_by_key(|&(place, _)| place);
        all
    }
}

/// `work` for each chunk of `0..length`, the results in order.
///
/// # Errors
///
/// What `work` returns, or [`Error::Stopped`]; it is asked before each chunk.
pub fn map_chunks<R: Send>(
    control: &Control,
    length: usize,
    size: usize,
    work: impl Fn(Range<usize>) -> Result<R, Error> + Sync,
) -> Result<Vec<R>, Error> {
    let one = |index| {
        control.go_on()?;
        work(chunk(index, size, length))
    };
    let count = length.div_ceil(size.max(1));
    if count < 2 || !may_share() {
        return (0..count).map(one).collect();
    }
    let results: Vec<Slot<R>> = (0..count).map(|_| Mutex::new(None)).collect();
    share(count, &|index| {
        let result = one(index)?;
        *results[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
        Ok(())
    })?;
    Ok(results.iter().filter_map(take).collect())
}

/// `work` for each piece of `size` elements of `target`, with the index of the piece.
///
/// # Errors
///
/// What `work` returns, or [`Error::Stopped`]; it is asked before each piece.
pub fn for_chunks<T: Send>(
    control: &Control,
    target: &mut [T],
    size: usize,
    work: impl Fn(usize, &mut [T]) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let size = size.max(1);
    if target.len() > size && may_share() {
        let pieces = target.chunks_mut(size).enumerate().collect();
        return for_each(control, pieces, |(index, piece)| work(index, piece));
    }
    target.chunks_mut(size).enumerate().try_for_each(|(index, piece)| {
        control.go_on()?;
        work(index, piece)
    })
}

/// `work` for each of `items`.
///
/// # Errors
///
/// What `work` returns, or [`Error::Stopped`]; it is asked before each item.
pub fn for_each<I: Send>(
    control: &Control,
    items: Vec<I>,
    work: impl Fn(I) -> Result<(), Error> + Sync,
) -> Result<(), Error> {
    let one = |item| {
        control.go_on()?;
        work(item)
    };
    if items.len() < 2 || !may_share() {
        return items.into_iter().try_for_each(one);
    }
    let items: Vec<Slot<I>> = items.into_iter().map(|item| Mutex::new(Some(item))).collect();
    share(items.len(), &|index| take(&items[index]).map_or(Ok(()), &one))
}

/// Both, at the same time where there are threads for it.
pub fn join<A: Send, B: Send>(a: impl FnOnce() -> A + Send, b: impl FnOnce() -> B + Send) -> (A, B) {
    if may_share() { rayon::join(a, b) } else { (a(), b()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chunks_cover_the_length_in_order_for_any_number_of_threads() {
        for count in [1, 2, 3, 8] {
            for (length, size) in [(0, 4), (1, 4), (4, 4), (5, 4), (103, 10)] {
                let borders = with_threads(count, || {
                    map_chunks(&Control::default(), length, size, |range| Ok((range.start, range.end)))
                })
                .unwrap();
                assert_eq!(borders.len(), length.div_ceil(size));
                assert!(borders.windows(2).all(|pair| pair[0].1 == pair[1].0));
                assert_eq!(borders.last().map_or(0, |&(_, end)| end), length);
            }
        }
    }

    #[test]
    fn every_piece_is_visited_once() {
        for count in [1, 2, 8] {
            let mut target = vec![0; 1001];
            with_threads(count, || {
                for_chunks(&Control::default(), &mut target, 10, |index, piece| {
                    piece.iter_mut().for_each(|x| *x += index);
                    Ok(())
                })
            })
            .unwrap();
            assert!(target.iter().enumerate().all(|(i, &x)| x == i / 10));
        }
    }

    #[test]
    fn what_is_found_comes_in_the_order_of_the_places_for_any_number_of_threads() {
        for count in [1, 2, 8] {
            let found = Found::default();
            with_threads(count, || {
                for_chunks(&Control::default(), &mut [0_u8; 1000], 7, |index, _| {
                    found.add((index % 3 == 1).then_some((index, 2 * index)));
                    Ok(())
                })
            })
            .unwrap();
            assert_eq!(found.in_order(), (1..143).step_by(3).map(|i| (i, 2 * i)).collect::<Vec<_>>());
        }
    }

    #[test]
    fn a_stop_ends_the_work() {
        let control = Control::default();
        control.stop();
        let result = with_threads(2, || map_chunks(&control, 100, 1, |_| Ok(())));
        assert_eq!(result, Err(Error::Stopped));
    }

    /// Touches more of the stack than threads have by default; apart, or the calling thread would
    /// need that much too.
    #[inline(never)]
    fn pages() -> usize {
        let local = [1_u8; 3 << 20];
        std::hint::black_box(&local).iter().step_by(4096).map(|&byte| usize::from(byte)).sum()
    }

    #[test]
    fn workers_have_room_for_what_kernels_keep_on_the_stack() {
        assert_eq!(with_threads(2, pages), (3 << 20) / 4096);
    }
}
