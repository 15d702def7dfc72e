//! Threads that work on what was asked for while its users go on.
//!
//! They are the only threads the library makes, and only where the embedder allows some. The
//! first begins with the first work; all are named, receive no signals, and end with the value
//! they belong to. In a forked child there are none and none are made.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Weak};
use std::thread::{Builder, JoinHandle};

use parking_lot::{Condvar, Mutex};

use super::signals::Blocked;

/// Some threads and the work that waits for them.
pub(super) struct Background<T: Send + Sync + 'static> {
    shared: Arc<Shared<T>>,
    most_threads: usize,
    /// The process that may use it.
    process: u32,
}

struct Shared<T> {
    work: Box<dyn Fn(&T) + Send + Sync>,
    queue: Mutex<Queue<T>>,
    wake: Condvar,
}

struct Queue<T> {
    /// What is dropped before its turn comes is not worked on.
    waiting: VecDeque<Weak<T>>,
    threads: Vec<JoinHandle<()>>,
    idle: usize,
    closed: bool,
}

impl<T: Send + Sync + 'static> Background<T> {
    pub(super) fn new(most_threads: u32, work: impl Fn(&T) + Send + Sync + 'static) -> Self {
        let queue = Queue { waiting: VecDeque::new(), threads: Vec::new(), idle: 0, closed: false };
        let shared = Shared { work: Box::new(work), queue: Mutex::new(queue), wake: Condvar::new() };
        Self { shared: Arc::new(shared), most_threads: most_threads as usize, process: std::process::id() }
    }

    /// Has the work done on this, some time. Where no thread can be made, it is not done.
    pub(super) fn submit(&self, item: &Arc<T>) {
        // A thread that is gone may have held the lock when the process forked.
        if std::process::id() != self.process {
            return;
        }
        let mut queue = self.shared.queue.lock();
        queue.waiting.push_back(Arc::downgrade(item));
        if queue.idle == 0 && queue.threads.len() < self.most_threads {
            let shared = Arc::clone(&self.shared);
            let _blocked = Blocked::every_signal();
            let thread = Builder::new().name("zvm-compile".into()).spawn(move || shared.serve());
            queue.threads.extend(thread);
        }
        drop(queue);
        self.shared.wake.notify_one();
    }
}

impl<T: Send + Sync + 'static> Drop for Background<T> {
    /// Waits for work that is being done; what waits is not done.
    fn drop(&mut self) {
        if std::process::id() != self.process {
            return;
        }
        let threads = {
            let mut queue = self.shared.queue.lock();
            queue.closed = true;
            queue.waiting.clear();
            std::mem::take(&mut queue.threads)
        };
        self.shared.wake.notify_all();
        for thread in threads {
            // The work's panics were caught; there is nothing else to hear of.
            let _ = thread.join();
        }
    }
}

impl<T> Shared<T> {
    fn serve(&self) {
        while let Some(item) = self.next() {
            if let Some(item) = item.upgrade() {
                // A defect: what was asked for stays undone, which changes no result.
                let _ = catch_unwind(AssertUnwindSafe(|| (self.work)(&item)));
            }
        }
    }

    fn next(&self) -> Option<Weak<T>> {
        let mut queue = self.queue.lock();
        loop {
            if queue.closed {
                return None;
            }
            if let Some(item) = queue.waiting.pop_front() {
                return Some(item);
            }
            queue.idle += 1;
            self.wake.wait(&mut queue);
            queue.idle -= 1;
        }
    }
}
