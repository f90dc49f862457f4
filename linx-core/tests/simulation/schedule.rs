//! Who goes next: runs side by side, one call at a time.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Wake, Waker};

use chrono::TimeDelta;
use fastrand::Rng;

use crate::calls::Caller;
use crate::world::Shared;

struct Flag(AtomicBool);

impl Wake for Flag {
    fn wake(self: Arc<Self>) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A run and how it calls its ports.
pub type Run<T> = (Arc<Caller>, Pin<Box<dyn Future<Output = T>>>);

/// A run under way.
struct Task<T> {
    caller: Arc<Caller>,
    future: Option<Pin<Box<dyn Future<Output = T>>>>,
    woken: Arc<Flag>,
    result: Option<T>,
}

/// Runs all to their ends, and returns what each came to; `None` for one that died. Which goes next is drawn, and when nobody
/// can go time passes.
pub fn together<T>(world: &Shared, runs: Vec<Run<T>>, rng: &mut Rng) -> Vec<Option<T>> {
    let task = |(caller, future): Run<T>| Task {
        caller,
        future: Some(future),
        woken: Arc::new(Flag(AtomicBool::new(true))),
        result: None,
    };
    let mut tasks: Vec<Task<T>> = runs.into_iter().map(task).collect();
    loop {
        for task in &mut tasks {
            if task.caller.is_dead.load(Ordering::Relaxed) {
                task.future = None;
            }
        }
        let under_way = tasks.iter().filter(|task| task.future.is_some()).count();
        if under_way == 0 {
            return tasks.into_iter().map(|task| task.result).collect();
        }
        let is_ready = |task: &&mut Task<T>| task.future.is_some() && task.woken.0.load(Ordering::Relaxed);
        let mut ready: Vec<&mut Task<T>> = tasks.iter_mut().filter(is_ready).collect();
        if ready.is_empty() {
            wait(world);
            continue;
        }
        let next = rng.usize(..ready.len());
        step(ready.swap_remove(next));
    }
}

fn step<T>(task: &mut Task<T>) {
    task.woken.0.store(false, Ordering::Relaxed);
    task.caller.step();
    let waker = Waker::from(Arc::clone(&task.woken));
    let Some(future) = &mut task.future else { return };
    if let Poll::Ready(result) = future.as_mut().poll(&mut Context::from_waker(&waker)) {
        task.result = Some(result);
        task.future = None;
    }
}

/// Everybody waits: time passes until somebody need not any more.
fn wait(world: &Shared) {
    let mut world = world.lock();
    let next = world.timers.next().expect("somebody waits for nothing");
    let span = (next - world.now).max(TimeDelta::zero());
    world.pass(span);
}
