;; A Wasm extension by hand, as small as it gets: the command NAME, which prints nothing and succeeds.
;; qemu/xtask/src/build/bad_wasm.rs makes from it the packages that in-kernel tests load: one line changed in each.
(module
  (import "spindle" "console.write_line" (func $write_line (param i32)))
  (memory (export "memory") 3)
  (table (export "__indirect_function_table") 8 funcref)
  (global (export "spindle_extension") i32 (i32.const 1024))
  (global (export "spindle_window") i32 (i32.const 65536))
  (elem (i32.const 1) $start $stop $handle)

  ;; The descriptor: ABI version, number of handlers, start, stop, where the handlers' indices are.
  (data (i32.const 1024) "\01\00\00\00" "\01\00\00\00" "\01\00\00\00" "\02\00\00\00" "\14\04\00\00")
  (data (i32.const 1044) "\03\00\00\00")
  ;; A frame of console.write_line whose text lies beyond the memory.
  (data (i32.const 2048) "\f0\ff\ff\7f" "\40\00\00\00")

  (func $start (param $out i32) (result i32)
    (i32.store (local.get $out) (i32.const 0))
    (i32.const 0))
  (func $stop (param $closure i32))
  (func $handle (param $closure i32) (param $frame i32)
    (nop))

  (func $recurse (param $depth i32) (result i32)
    (i32.add (call $recurse (i32.add (local.get $depth) (i32.const 1))) (i32.const 1)))
  (func $loop (loop $again (br $again)))
  (func $grow
    (loop $again (br_if $again (i32.ne (memory.grow (i32.const 1)) (i32.const -1))))
    (unreachable))
  (func $trap (unreachable))

  (@custom ".note.spindle"
    "extension NAME 0.1.0 sdk none\n"
    "import fn console.write_line(line: &str)\n"
    "handler 0 event console.Command(key word: &str, arguments: &str) -> Status{code: u32}\n"
    "where 0 word = \22NAME\22\n"))
