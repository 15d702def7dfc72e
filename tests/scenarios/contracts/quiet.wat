;; Does nothing, and needs neither memory nor imports.
(module
  (func (export "call"))
  (func (export "zero") (result i32) (i32.const 0))
  (func (export "seven") (result i32) (i32.const 7))
  (func (export "minus_one") (result i32) (i32.const -1))
  ;; No entries: they take or give what entries do not.
  (func (export "takes") (param i32))
  (func (export "gives") (result i64) (i64.const 0))
  (global (export "global") i32 (i32.const 0)))
