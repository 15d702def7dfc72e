;; Returns its input.
(module
  (import "zvm" "input_size" (func $input_size (result i32)))
  (import "zvm" "input_copy" (func $input_copy (param i32 i32 i32)))
  (import "zvm" "set_output" (func $set_output (param i32 i32)))
  (memory (export "memory") 2)
  (func (export "call") (local $size i32)
    (local.set $size (call $input_size))
    (call $input_copy (i32.const 0) (i32.const 0) (local.get $size))
    (call $set_output (i32.const 0) (local.get $size))))
