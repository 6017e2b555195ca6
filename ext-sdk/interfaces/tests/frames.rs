//! Frames of calls: what the kernel is entered with for those whose arguments lie in a frame.

use spindle_abi::Status;
use spindle_abi::frame::Shape;
use spindle_abi::raw::FramedCall;
use spindle_interfaces::runtime::PanickedCall;
use spindle_interfaces::user::{self, CopyInCall, CopyOutCall};

struct Kernel;

impl user::Procedures for Kernel {
    fn copy_in(process: u64, address: u64, into: &mut [u8]) -> Status {
        into.fill((process + address) as u8);
        Status::OK
    }

    fn copy_out(_process: u64, _address: u64, _from: &[u8]) -> Status {
        Status::OK
    }
}

#[test]
fn a_procedure_takes_its_arguments_out_of_a_frame() {
    let mut into = [0; 3];
    let mut frame = CopyInCall::frame(7, 35, &mut into);
    <CopyInCall<'_> as FramedCall<Kernel>>::call(&mut frame);
    assert_eq!(into, [42; 3]);
}

#[test]
fn a_layout_has_the_shapes_of_the_arguments_and_the_result() {
    let shapes =
        |fields: &[spindle_abi::frame::Field]| fields.iter().map(|field| field.shape).collect::<Vec<_>>();
    assert_eq!(shapes(CopyInCall::LAYOUT.arguments), [Shape::Value, Shape::Value, Shape::SliceMut]);
    assert_eq!(shapes(CopyOutCall::LAYOUT.arguments), [Shape::Value, Shape::Value, Shape::Slice]);
    assert_eq!(CopyOutCall::LAYOUT.result.map(|result| (result.size, result.align)), Some((4, 4)));
    assert!(PanickedCall::LAYOUT.result.is_none(), "a procedure that never returns has no result");
}

#[test]
fn every_export_has_the_layout_of_its_frame() {
    let exports = user::exports::<Kernel>();
    let sizes = exports.map(|export| (export.layout.native().size(), export.layout.guest().size()));
    assert_eq!(sizes, [(40, 32), (40, 32)]);
}
