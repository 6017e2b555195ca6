//! A raise calls the handlers that are bound, each once, in the order of installation.
mod support;

use spindle_dispatcher::uninstall;
use support::{GRACE, event, extension, kernel, seen};

#[test]
fn a_single_handler_of_either_kind_runs() {
    for handler in [kernel::<7>(), extension(7)] {
        let event = event();
        let _installed = event.install(handler).unwrap();
        assert_eq!(seen(event), [7]);
    }
}

#[test]
fn kernel_and_extension_handlers_mix_in_order() {
    let event = event();
    let _a = event.install(kernel::<1>()).unwrap();
    let _b = event.install(extension(2)).unwrap();
    let _c = event.install(kernel::<3>()).unwrap();
    let _d = event.install(extension(4)).unwrap();
    assert_eq!(seen(event), [1, 2, 3, 4]);
}

#[test]
fn uninstalling_one_leaves_the_others_in_their_order() {
    let event = event();
    let _a = event.install(extension(1)).unwrap();
    let middle = event.install(extension(2)).unwrap();
    let _c = event.install(extension(3)).unwrap();
    uninstall(middle).unwrap().wait(&GRACE).unwrap();
    assert_eq!(seen(event), [1, 3]);
}

#[test]
fn the_fast_path_comes_and_goes_with_the_second_handler() {
    let event = event();
    let _first = event.install(extension(1)).unwrap();
    for round in 0..3 {
        assert_eq!(seen(event), [1], "round {round}");
        let second = event.install(kernel::<2>()).unwrap();
        assert_eq!(seen(event), [1, 2], "round {round}");
        uninstall(second).unwrap().wait(&GRACE).unwrap();
    }
}
