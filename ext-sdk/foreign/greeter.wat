;; Adds the console command `greet NAME`: an extension written by hand, from docs/reference/wasm-abi.md alone.
(module
  ;; The manifest: what it is called, what it imports, what it handles.
  (@custom ".note.spindle"
    "extension greeter 0.1.0 sdk none\n"
    "import fn console.write_line(line: &str)\n"
    "handler 0 event console.Command(key word: &str, arguments: &str) -> Status{code: u32}\n"
    "where 0 word = \"greet\"\n")

  (import "spindle" "console.write_line" (func $write_line (param $frame i32)))

  ;; Page 0 holds what is below, page 1 is the window.
  (memory (export "memory") 2)
  (global (export "spindle_window") i32 (i32.const 0x10000))
  (global (export "spindle_extension") i32 (i32.const 16))

  ;; The descriptor: version, number of handlers, table entries of start and stop, address of the handlers' entries.
  (data (i32.const 16) "\01\00\00\00" "\01\00\00\00" "\00\00\00\00" "\01\00\00\00" "\24\00\00\00")
  ;; 0x24: the handlers' table entries.
  (data (i32.const 0x24) "\02\00\00\00")
  (table (export "__indirect_function_table") 3 3 funcref)
  (elem (i32.const 0) $start $stop $greet)

  (data (i32.const 0x40) "usage: greet NAME")
  ;; The greeting is put together here, in 256 bytes.
  (data (i32.const 0x100) "hello, ")

  ;; There is no state: the closure, which nobody reads, stays 0.
  (func $start (param $out i32) (result i32)
    (i32.store (local.get $out) (i32.const 0))
    (i32.const 0))

  (func $stop (param $closure i32))

  ;; The frame: address and length of `word`, address and length of `arguments`, the result.
  (func $greet (param $closure i32) (param $frame i32)
    (local $name i32) (local $length i32)
    (local.set $name (i32.load offset=8 (local.get $frame)))
    (local.set $length (i32.load offset=12 (local.get $frame)))
    (if (i32.or (i32.eqz (local.get $length)) (i32.gt_u (local.get $length) (i32.const 249)))
      (then
        (call $print (i32.const 0x40) (i32.const 17))
        (i32.store offset=16 (local.get $frame) (i32.const 1)) ;; Status::FAILED
        (return)))
    (memory.copy (i32.const 0x107) (local.get $name) (local.get $length))
    (call $print (i32.const 0x100) (i32.add (i32.const 7) (local.get $length)))
    (i32.store offset=16 (local.get $frame) (i32.const 0))) ;; Status::OK

  ;; Prints a line. The frame of `write_line`, at 0x30, is the line's address and its length.
  (func $print (param $line i32) (param $length i32)
    (i32.store (i32.const 0x30) (local.get $line))
    (i32.store (i32.const 0x34) (local.get $length))
    (call $write_line (i32.const 0x30))))
