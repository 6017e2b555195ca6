//! Where programs begin and end.

use spindle_abi::system_call::EXIT;

/// What a program ends with: 0 if all went well.
pub type Status = u64;

/// Makes `main`, a function from three numbers to a status, the program.
#[macro_export]
macro_rules! program {
    ($main:path) => {
        /// The kernel enters as by a call, with the three numbers as arguments.
        #[cfg(target_os = "none")]
        #[unsafe(no_mangle)]
        extern "C" fn _start(first: u64, second: u64, third: u64) -> ! {
            $crate::exit($main([first, second, third]), [0, 0])
        }

        #[cfg(not(target_os = "none"))]
        fn main() {
            let _: fn([u64; 3]) -> $crate::Status = $main;
        }
    };
}

/// Ends the program; `rest` is for whoever runs it.
pub fn exit(status: Status, rest: [u64; 2]) -> ! {
    crate::system_call(EXIT, [status, rest[0], rest[1], 0, 0, 0]);
    // Not reached: the kernel does not come back from that.
    loop {
        core::hint::spin_loop();
    }
}

/// The status of a program that panicked.
#[cfg(target_os = "none")]
const PANICKED: Status = 101;

#[cfg(target_os = "none")]
#[panic_handler]
fn on_panic(_: &core::panic::PanicInfo<'_>) -> ! {
    exit(PANICKED, [0, 0])
}
