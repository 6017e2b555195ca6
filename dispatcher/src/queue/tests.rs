//! The queue alone: each policy, a model, and threads.

use super::{Delivery, Policy, Pushed, Queue};
use crate::Executor;
use proptest::prelude::*;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::vec::Vec;
use std::{thread, vec};

/// Nobody delivers.
struct Nobody;

impl Executor for Nobody {
    fn wake(&self) {}

    fn make_room(&self) -> bool {
        false
    }
}

/// Somebody else delivers, given time.
struct Patience;

impl Executor for Patience {
    fn wake(&self) {}

    fn make_room(&self) -> bool {
        thread::yield_now();
        true
    }
}

/// Takes a frame out whenever room is asked for, so often.
struct Takes<'a> {
    queue: &'a Queue,
    left: AtomicUsize,
}

impl Executor for Takes<'_> {
    fn wake(&self) {}

    fn make_room(&self) -> bool {
        let left = self.left.load(Ordering::Relaxed);
        self.left.store(left.saturating_sub(1), Ordering::Relaxed);
        left > 0 && self.queue.pop(&mut [0; 2])
    }
}

fn queue(policy: Policy, capacity: u16) -> Queue {
    Queue::try_new(Delivery::new(policy, capacity), 2).expect("there is memory")
}

/// A frame with a value, and with a second word by which a torn frame would show.
fn frame(value: u64) -> [u64; 2] {
    [value, !value]
}

fn pop(queue: &Queue) -> Option<u64> {
    let mut frame = [0; 2];
    queue.pop(&mut frame).then(|| {
        assert_eq!(frame[1], !frame[0], "a torn frame");
        frame[0]
    })
}

fn all(queue: &Queue) -> Vec<u64> {
    core::iter::from_fn(|| pop(queue)).collect()
}

#[test]
fn the_newest_is_dropped() {
    let queue = queue(Policy::DropNewest, 2);
    assert_eq!([1, 2].map(|value| queue.push(&frame(value), &Nobody)), [Pushed::Queued; 2]);
    assert_eq!(queue.push(&frame(3), &Nobody), Pushed::Dropped);
    assert_eq!((queue.len(), queue.lost()), (2, 1));
    assert_eq!(all(&queue), [1, 2]);
}

#[test]
fn the_oldest_is_dropped() {
    let queue = queue(Policy::DropOldest, 2);
    let pushed = [1, 2, 3, 4].map(|value| queue.push(&frame(value), &Nobody));
    assert_eq!(pushed, [Pushed::Queued, Pushed::Queued, Pushed::Replaced, Pushed::Replaced]);
    assert_eq!((queue.len(), queue.lost()), (2, 2));
    assert_eq!(all(&queue), [3, 4]);
}

#[test]
fn only_the_latest_waits() {
    let queue = queue(Policy::Coalesce, 9);
    let pushed = [1, 2, 3].map(|value| queue.push(&frame(value), &Nobody));
    assert_eq!(pushed, [Pushed::Queued, Pushed::Replaced, Pushed::Replaced]);
    assert_eq!((queue.len(), queue.lost()), (1, 2));
    assert_eq!(all(&queue), [3]);
    assert_eq!(queue.push(&frame(4), &Nobody), Pushed::Queued);
}

#[test]
fn who_blocks_has_room_made_and_drops_when_that_is_impossible() {
    let queue = queue(Policy::Block, 1);
    let executor = Takes { queue: &queue, left: AtomicUsize::new(2) };
    let pushed = [1, 2, 3, 4].map(|value| queue.push(&frame(value), &executor));
    assert_eq!(pushed, [Pushed::Queued, Pushed::Queued, Pushed::Queued, Pushed::Dropped]);
    assert_eq!((all(&queue), queue.lost()), (vec![3], 1));
}

#[test]
fn what_is_thrown_away_counts_as_lost() {
    for policy in [Policy::DropNewest, Policy::DropOldest, Policy::Coalesce, Policy::Block] {
        let queue = queue(policy, 3);
        let _ = queue.push(&frame(1), &Nobody);
        assert_eq!((queue.close(), queue.lost(), queue.len()), (1, 1, 0), "{policy:?}");
        assert_eq!(pop(&queue), None);
    }
}

#[test]
fn what_was_put_back_comes_out_next() {
    for policy in [Policy::DropNewest, Policy::DropOldest, Policy::Block] {
        let queue = queue(policy, 2);
        let _ = queue.push(&frame(1), &Nobody);
        assert_eq!(pop(&queue), Some(1));
        let _ = queue.push(&frame(2), &Nobody);
        queue.put_back(&frame(1));
        assert_eq!((queue.len(), all(&queue), queue.lost()), (2, vec![1, 2], 0), "{policy:?}");
    }
}

#[test]
fn what_was_put_back_gives_way_to_a_later_frame_where_only_the_latest_waits() {
    let queue = queue(Policy::Coalesce, 1);
    let _ = queue.push(&frame(1), &Nobody);
    assert_eq!(pop(&queue), Some(1));
    queue.put_back(&frame(1));
    assert_eq!((queue.len(), pop(&queue)), (1, Some(1)), "nothing came meanwhile");
    queue.put_back(&frame(1));
    let _ = queue.push(&frame(2), &Nobody);
    assert_eq!((queue.len(), all(&queue), queue.lost()), (1, vec![2], 1));
}

#[test]
fn a_frame_may_have_no_words() {
    for policy in [Policy::DropNewest, Policy::Coalesce] {
        let queue = Queue::try_new(Delivery::new(policy, 1), 0).unwrap();
        assert_eq!(queue.push(&[], &Nobody), Pushed::Queued);
        assert!(queue.pop(&mut []), "{policy:?}");
        assert!(!queue.pop(&mut []), "{policy:?}");
    }
}

/// The queue as a list that one strand at a time uses.
fn model_push(model: &mut VecDeque<u64>, policy: Policy, capacity: usize, value: u64) -> Pushed {
    let full = model.len() == capacity;
    match (full, policy) {
        (true, Policy::DropNewest | Policy::Block) => return Pushed::Dropped,
        (true, Policy::DropOldest | Policy::Coalesce) => drop(model.pop_front()),
        (false, _) => {}
    }
    model.push_back(value);
    if full { Pushed::Replaced } else { Pushed::Queued }
}

fn policies() -> impl Strategy<Value = Policy> {
    prop::sample::select(vec![Policy::DropNewest, Policy::DropOldest, Policy::Coalesce, Policy::Block])
}

proptest! {
    /// `Some` pushes, `None` pops.
    #[test]
    fn a_queue_behaves_as_a_list(
        policy in policies(),
        capacity in 1_u16..7,
        operations in prop::collection::vec(prop::option::weighted(0.6, 0_u64..100), 0..200),
    ) {
        let delivery = Delivery::new(policy, capacity);
        let queue = Queue::try_new(delivery, 2).unwrap();
        let (mut model, mut lost) = (VecDeque::new(), 0);
        for operation in operations {
            match operation {
                Some(value) => {
                    let expected = model_push(&mut model, policy, delivery.capacity(), value);
                    lost += u64::from(expected != Pushed::Queued);
                    prop_assert_eq!(queue.push(&frame(value), &Nobody), expected);
                }
                None => prop_assert_eq!(pop(&queue), model.pop_front()),
            }
            prop_assert_eq!((queue.len(), queue.lost()), (model.len(), lost));
        }
        prop_assert_eq!(all(&queue), Vec::from(model));
    }
}

const PRODUCERS: u64 = 3;
const EACH: u64 = 20_000;

/// What two consumers took while the producers pushed numbers of their own in order, in the order in which each
/// took it.
fn exchanged(queue: &Queue) -> [Vec<u64>; 2] {
    let is_over = AtomicBool::new(false);
    thread::scope(|scope| {
        let consume = || {
            let mut taken = Vec::new();
            loop {
                // Asked before the queue is found empty, so that nothing is left behind.
                let was_over = is_over.load(Ordering::Acquire);
                match pop(queue) {
                    Some(value) => taken.push(value),
                    None if was_over => return taken,
                    None => thread::yield_now(),
                }
            }
        };
        let consumers = [scope.spawn(consume), scope.spawn(consume)];
        let produce = |producer| {
            move || {
                for n in 0..EACH {
                    let _ = queue.push(&frame(producer * EACH + n), &Patience);
                }
            }
        };
        let producers: Vec<_> = (0..PRODUCERS).map(|producer| scope.spawn(produce(producer))).collect();
        producers.into_iter().for_each(|producer| producer.join().expect("a producer ends"));
        is_over.store(true, Ordering::Release);
        consumers.map(|consumer| consumer.join().expect("a consumer ends"))
    })
}

/// Each consumer got what a producer pushed in the order in which it was pushed.
fn assert_in_order(taken: &[Vec<u64>]) {
    for taken in taken {
        for producer in 0..PRODUCERS {
            let of_one = taken.iter().filter(|value| *value / EACH == producer);
            assert!(of_one.is_sorted_by(|one, next| one < next), "out of order, or twice");
        }
    }
}

#[test]
fn between_threads_nothing_is_lost_and_nothing_comes_twice() {
    for capacity in [1, 2, 3, 64] {
        let queue = queue(Policy::Block, capacity);
        let taken = exchanged(&queue);
        assert_in_order(&taken);
        let mut taken = taken.concat();
        taken.sort_unstable();
        assert!(taken.into_iter().eq(0..PRODUCERS * EACH), "every frame came out once (capacity {capacity})");
        assert_eq!((queue.lost(), queue.len()), (0, 0));
    }
}

#[test]
fn between_threads_every_frame_comes_out_or_is_counted() {
    for policy in [Policy::DropNewest, Policy::DropOldest, Policy::Coalesce] {
        let queue = queue(policy, 3);
        let taken = exchanged(&queue);
        assert_in_order(&taken);
        let mut taken = taken.concat();
        taken.sort_unstable();
        assert!(taken.is_sorted_by(|one, next| one < next), "{policy:?}: a frame came out twice");
        assert_eq!(taken.len() as u64 + queue.lost(), PRODUCERS * EACH, "{policy:?}");
    }
}
