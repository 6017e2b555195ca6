//! The table against its promises, and against a plain model under random use.

use super::*;
extern crate std;
use proptest::prelude::*;
use std::vec;
use std::vec::Vec;

fn with_table<R>(frames: usize, body: impl FnOnce(&mut FrameTable<'_>) -> R) -> R {
    let mut words = vec![0xdead_beef; frames.div_ceil(64)];
    let mut owners = vec![0xabcd; frames];
    body(&mut FrameTable::new(&mut words, &mut owners))
}

fn whole(frames: u64) -> Range<FrameNumber> {
    FrameNumber(0)..FrameNumber(frames)
}

#[test]
fn every_free_frame_is_given_once_and_then_none() {
    with_table(130, |table| {
        table.add(FrameNumber(3)..FrameNumber(130), Owner::FREE);
        let mut given: Vec<u64> =
            core::iter::from_fn(|| table.allocate(Owner::STACKS)).map(|f| f.0).collect();
        given.sort_unstable();
        assert_eq!(given, (3..130).collect::<Vec<_>>());
        assert_eq!(table.count(Owner::STACKS), 127);
        assert_eq!(table.allocate(Owner::BOOT), None);
    });
}

#[test]
fn a_frame_released_twice_or_by_a_stranger_is_refused_and_kept() {
    with_table(64, |table| {
        table.add(whole(64), Owner::FREE);
        let frame = table.allocate(Owner::STACKS).expect("64 are free");
        let stranger = Owner::domain(0).expect("slot 0 exists");
        assert_eq!(
            table.release(frame, stranger),
            Err(ReleaseError::NotOwner { frame, owner: Owner::STACKS })
        );
        assert_eq!(table.release(frame, Owner::STACKS), Ok(()));
        assert_eq!(
            table.release(frame, Owner::STACKS),
            Err(ReleaseError::NotOwner { frame, owner: Owner::FREE })
        );
        assert_eq!(
            table.release(frame, Owner::FREE),
            Err(ReleaseError::NotOwner { frame, owner: Owner::FREE })
        );
        let beyond = FrameNumber(64);
        assert_eq!(table.release(beyond, Owner::STACKS), Err(ReleaseError::OutOfRange(beyond)));
    });
}

#[test]
fn counts_before_and_after_are_one_comparison() {
    with_table(256, |table| {
        table.add(whole(256), Owner::FREE);
        let before = table.counts();
        let owner = Owner::domain(7).expect("slot 7 exists");
        let frames: Vec<_> = (0..100).filter_map(|_| table.allocate(owner)).collect();
        assert_eq!(table.counts().count(owner), 100);
        assert_ne!(table.counts(), before);
        frames.into_iter().for_each(|frame| table.release(frame, owner).expect("it is the owner's"));
        assert_eq!(table.counts(), before);
    });
}

#[test]
fn domains_have_slots_up_to_the_limit() {
    let last = Owner::domain(Owner::MAX_DOMAINS - 1).expect("the last slot exists");
    assert_eq!(last.domain_slot(), Some(Owner::MAX_DOMAINS - 1));
    assert_eq!(Owner::domain(Owner::MAX_DOMAINS), None);
    assert_eq!(Owner::STACKS.domain_slot(), None);
}

proptest! {
    #[test]
    fn random_use_agrees_with_a_list_of_owners(steps in prop::collection::vec((0u8..3, 0u64..200, 0u32..4), 1..400)) {
        with_table(200, |table| {
            table.add(FrameNumber(10)..FrameNumber(190), Owner::FREE);
            let mut model: Vec<Owner> =
                (0..200).map(|f| if (10..190).contains(&f) { Owner::FREE } else { Owner::ABSENT }).collect();
            for (step, frame, slot) in steps {
                let owner = Owner::domain(slot).expect("four slots exist");
                if step > 0 {
                    let given = table.allocate(owner);
                    assert_eq!(given.is_some(), model.contains(&Owner::FREE));
                    if let Some(FrameNumber(given)) = given {
                        assert_eq!(model[given as usize], Owner::FREE);
                        model[given as usize] = owner;
                    }
                } else {
                    let released = table.release(FrameNumber(frame), owner).is_ok();
                    assert_eq!(released, model[frame as usize] == owner);
                    if released {
                        model[frame as usize] = Owner::FREE;
                    }
                }
            }
            for (owner, count) in table.counts().iter() {
                assert_eq!(count, model.iter().filter(|&&o| o == owner).count() as u64);
            }
        });
    }
}
