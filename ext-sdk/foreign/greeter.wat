;; Adds the console command `greet NAME`: an extension written by hand, from docs/reference/wasm-abi.md alone.
(module
  ;; The manifest: what it is called, what it imports, and its rows: a handler for names that can be greeted, one for all that is
  ;; left, and the guard that tells them apart.
  (@custom ".note.spindle"
    "extension greeter 0.1.0 sdk none\n"
    "import fn console.write_line(line: &str)\n"
    "handler 0 guard 2 event console.Command(key word: &str, arguments: &str) -> Status{code: u32}\n"
    "where 0 word = \"greet\"\n"
    "handler 1 event console.Command(key word: &str, arguments: &str) -> Status{code: u32}\n"
    "where 1 word = \"greet\"\n"
    "guard 2 event console.Command(key word: &str, arguments: &str) -> Status{code: u32}\n")

  (import "spindle" "console.write_line" (func $write_line (param $frame i32)))

  ;; Page 0 holds what is below, page 1 is the window.
  (memory (export "memory") 2)
  (global (export "spindle_window") i32 (i32.const 0x10000))
  (global (export "spindle_extension") i32 (i32.const 16))

  ;; The descriptor: version, number of rows, table entries of start and stop, address of the rows' entries.
  (data (i32.const 16) "\01\00\00\00" "\03\00\00\00" "\00\00\00\00" "\01\00\00\00" "\24\00\00\00")
  ;; 0x24: the rows' table entries.
  (data (i32.const 0x24) "\02\00\00\00" "\03\00\00\00" "\04\00\00\00")
  (table (export "__indirect_function_table") 5 5 funcref)
  (elem (i32.const 0) $start $stop $greet $usage $has_name)

  (data (i32.const 0x40) "usage: greet NAME")
  ;; The greeting is put together here, in 256 bytes.
  (data (i32.const 0x100) "hello, ")

  ;; There is no state: the closure, which nobody reads, stays 0.
  (func $start (param $out i32) (result i32)
    (i32.store (local.get $out) (i32.const 0))
    (i32.const 0))

  (func $stop (param $closure i32))

  ;; The frame: address and length of `word`, address and length of `arguments`, the result. The guard has seen it before.
  (func $greet (param $closure i32) (param $frame i32)
    (local $length i32)
    (local.set $length (i32.load offset=12 (local.get $frame)))
    (memory.copy (i32.const 0x107) (i32.load offset=8 (local.get $frame)) (local.get $length))
    (call $print (i32.const 0x100) (i32.add (i32.const 7) (local.get $length)))
    (i32.store offset=16 (local.get $frame) (i32.const 0))) ;; Status::OK

  ;; The raise ends at the first handler that deals with it, so that this one has what `greet` was not called for.
  (func $usage (param $closure i32) (param $frame i32)
    (call $print (i32.const 0x40) (i32.const 17))
    (i32.store offset=16 (local.get $frame) (i32.const 1))) ;; Status::FAILED

  ;; The call: address of the frame, the answer. There is a name, and it fits behind the greeting.
  (func $has_name (param $closure i32) (param $call i32)
    (local $length i32)
    (local.set $length (i32.load offset=12 (i32.load (local.get $call))))
    (i32.store offset=4 (local.get $call)
      (i32.and (i32.ne (local.get $length) (i32.const 0)) (i32.le_u (local.get $length) (i32.const 249)))))

  ;; Prints a line. The frame of `write_line`, at 0x30, is the line's address and its length.
  (func $print (param $line i32) (param $length i32)
    (i32.store (i32.const 0x30) (local.get $line))
    (i32.store (i32.const 0x34) (local.get $length))
    (call $write_line (i32.const 0x30))))
