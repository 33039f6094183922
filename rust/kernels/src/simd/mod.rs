//! Instruction sets: which the CPU has, a kernel compiled for each, and their registers.
//!
//! A kernel is written once, in safe Rust, generic over [`Isa`]; [`dispatch`] compiles it
//! once per [`Level`] and runs the one that fits the CPU. Where the compiler does not find
//! the registers by itself, the kernel works on [`Lanes`].

mod dispatch;
mod lanes;
mod level;
mod portable;
#[cfg(target_arch = "x86_64")]
mod x86;

pub use dispatch::{Isa, Kernel, dispatch, dispatch_at};
pub use lanes::Lanes;
pub use level::Level;

#[cfg(test)]
pub(crate) use level::at_every_level;
