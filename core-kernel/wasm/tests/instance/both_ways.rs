//! Any frame of any layout goes from the kernel to a handler and from there to a procedure unchanged.
//!
//! The module hands the handler's own frame to the import: with one layout on both sides, what the procedure gets must
//! be what the event carried, and what it writes must come all the way back.

use std::cell::RefCell;

use crate::support::{HERE, LIMITS, module};
use proptest::prelude::*;
use spindle_abi::frame::{Field, FrameLayout, Shape};
use spindle_abi::{AbiBits, FramedFn};
use spindle_wasm::{DIRECT, Import, Instance, Limits};

/// A field and the bytes of it, or of what it refers to.
#[derive(Clone, Debug)]
struct Argument {
    field: Field,
    bytes: Vec<u8>,
}

/// A frame as memory, kept alive with what it refers to.
struct Memory {
    frame: Vec<u128>,
    referents: Vec<Vec<u128>>,
}

fn of<T: AbiBits>(shape: Shape) -> Field {
    Field::of::<T>(shape)
}

fn field() -> impl Strategy<Value = Field> {
    let shape = prop_oneof![
        Just(Shape::Value),
        Just(Shape::Ref),
        Just(Shape::RefMut),
        Just(Shape::Slice),
        Just(Shape::SliceMut)
    ];
    let element = |shape| {
        prop_oneof![
            Just(of::<u8>(shape)),
            Just(of::<u16>(shape)),
            Just(of::<f32>(shape)),
            Just(of::<u64>(shape)),
            Just(of::<i128>(shape)),
            Just(of::<[u8; 3]>(shape)),
            Just(of::<[u32; 5]>(shape)),
            Just(of::<[u16; 0]>(shape)),
        ]
    };
    prop_oneof![4 => shape.prop_flat_map(element), 1 => Just(Field::text())]
}

fn argument() -> impl Strategy<Value = Argument> {
    (field(), 0_usize..40).prop_flat_map(|(field, elements)| {
        let elements = if field.shape.has_length() { elements } else { 1 };
        let byte = if field.shape == Shape::Str { b' '..=b'~' } else { 0..=0xff };
        let bytes = proptest::collection::vec(byte, elements * field.size);
        bytes.prop_map(move |bytes| Argument { field, bytes })
    })
}

fn result() -> impl Strategy<Value = Option<Field>> {
    let some = |field: Field| Just(Some(Field { shape: Shape::Value, ..field }));
    prop_oneof![Just(None), field().prop_flat_map(some)]
}

/// The bytes of `words`.
fn bytes(words: &mut [u128], take: usize) -> &mut [u8] {
    let pointer = words.as_mut_ptr().cast();
    // SAFETY: as many bytes as the words have at most, all initialised.
    unsafe { std::slice::from_raw_parts_mut(pointer, take.min(size_of_val(words))) }
}

fn memory(arguments: &[Argument], layout: &FrameLayout) -> Memory {
    let offsets = layout.native();
    let mut memory = Memory { frame: vec![0; offsets.size().div_ceil(16)], referents: Vec::new() };
    for (index, Argument { field, bytes: from }) in arguments.iter().enumerate() {
        let frame = &mut bytes(&mut memory.frame, usize::MAX)[offsets.of(index)..];
        if field.shape == Shape::Value {
            frame[..from.len()].copy_from_slice(from);
            continue;
        }
        let mut referent = vec![0; from.len().div_ceil(16) + 1];
        bytes(&mut referent, from.len()).copy_from_slice(from);
        frame[..8].copy_from_slice(&referent.as_mut_ptr().expose_provenance().to_ne_bytes());
        if field.shape.has_length() {
            let elements = from.len().checked_div(field.size).unwrap_or(7);
            frame[8..16].copy_from_slice(&elements.to_ne_bytes());
        }
        memory.referents.push(referent);
    }
    memory
}

/// What argument `index` holds or refers to, read out of a native frame.
fn read<'a>(frame: *mut u8, layout: &FrameLayout, index: usize, length: usize) -> &'a mut [u8] {
    let field = layout.arguments[index];
    let at = frame.wrapping_add(layout.native().of(index));
    let at = match field.shape {
        Shape::Value => at,
        // SAFETY: a native frame of that layout, from the code under test or from `memory`.
        _ => unsafe { at.cast::<*mut u8>().read() },
    };
    assert!(at.is_aligned_to_bytes(field.align), "argument {index} is not aligned");
    // SAFETY: as above.
    unsafe { std::slice::from_raw_parts_mut(at, length) }
}

trait AlignedTo {
    fn is_aligned_to_bytes(&self, align: usize) -> bool;
}

impl AlignedTo for *mut u8 {
    fn is_aligned_to_bytes(&self, align: usize) -> bool {
        self.addr().is_multiple_of(align) && !self.is_null()
    }
}

thread_local! {
    /// What the procedure expects, and its layout.
    static EXPECTED: RefCell<Option<(Vec<Argument>, &'static FrameLayout)>> = const { RefCell::new(None) };
}

/// Checks its arguments, turns every bit of what is mutable, and fills the result.
unsafe extern "C" fn mirror(frame: *mut ()) {
    EXPECTED.with_borrow(|expected| {
        let (arguments, layout) = expected.as_ref().expect("set by the test");
        for (index, argument) in arguments.iter().enumerate() {
            let found = read(frame.cast(), layout, index, argument.bytes.len());
            assert_eq!(found, argument.bytes, "argument {index}");
            if argument.field.shape.is_mutable() {
                found.iter_mut().for_each(|byte| *byte = !*byte);
            }
        }
        if let Some(result) = layout.result {
            let at = frame.cast::<u8>().wrapping_add(layout.native().result());
            // SAFETY: the frame's result.
            unsafe { std::ptr::write_bytes(at, 0x5a, result.size) };
        }
    });
}

fn goes_both_ways(arguments: Vec<Argument>, result: Option<Field>) {
    let fields: Vec<Field> = arguments.iter().map(|argument| argument.field).collect();
    let layout: &'static FrameLayout = Box::leak(Box::new(FrameLayout { arguments: fields.leak(), result }));
    let import = r#"(import "spindle" "mirror" (func $mirror (param i32)))"#;
    let text = module(import, true, "(func $handler (param i32 i32) (call $mirror (local.get 1)))");
    let imports = [Import { name: "mirror", layout, call: mirror as FramedFn }];
    let bytes_of = wat::parse_str(text).unwrap();
    let limits = Limits { fuel: None, ..LIMITS };
    let instance =
        Instance::new(&bytes_of, &imports, &[layout.into()], limits, DIRECT, &mut |line| panic!("{line}"))
            .unwrap();

    let mut memory = memory(&arguments, layout);
    EXPECTED.set(Some((arguments.clone(), layout)));
    let frame = memory.frame.as_mut_ptr();
    // SAFETY: a frame of the handler's layout, alive with what it refers to.
    unsafe { instance.enter(HERE, 0, frame.cast()) }.unwrap();
    for (index, argument) in arguments.iter().enumerate() {
        let found = read(frame.cast(), layout, index, argument.bytes.len());
        let turned: Vec<u8> = argument.bytes.iter().map(|byte| !byte).collect();
        let expected = if argument.field.shape.is_mutable() { &turned } else { &argument.bytes };
        assert_eq!(found, expected, "argument {index} afterwards");
    }
    if let Some(result) = result {
        let at = layout.native().result();
        assert_eq!(bytes(&mut memory.frame, usize::MAX)[at..][..result.size], vec![0x5a; result.size]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]
    #[test]
    fn any_frame_goes_both_ways(arguments in proptest::collection::vec(argument(), 0..6), result in result()) {
        goes_both_ways(arguments, result);
    }
}
