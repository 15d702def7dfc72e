;; Code whose instructions can be counted by hand. Beside each entry: what it costs on top of its page of memory.
(module
  (import "zvm" "gas_left" (func $gas_left (result i64)))
  (memory (export "memory") 1)
  (type $nothing (func))
  (table 1 funcref)
  (elem (i32.const 0) $leaf)

  ;; Nothing.
  (func (export "nothing"))

  ;; 2 locals, 4 instructions.
  (func (export "straight") (local i32 i64)
    (drop (i32.mul (i32.const 6) (i32.const 7))))

  ;; 1 local, 2 instructions, and 5 for each of ten turns.
  (func (export "loop") (local $turns i32)
    (local.set $turns (i32.const 10))
    (loop $again
      (br_if $again (local.tee $turns (i32.sub (local.get $turns) (i32.const 1))))))

  ;; The condition and the branch are 2 instructions; the arm that is taken has 2, the other would have 4.
  (func (export "branch")
    (if (i32.const 1)
      (then (drop (i32.const 1)))
      (else (drop (i32.const 1)) (drop (i32.const 1)))))

  ;; 4 instructions, 2 memory accesses.
  (func (export "memory_access")
    (i32.store (i32.const 0) (i32.const 5))
    (drop (i32.load (i32.const 0))))

  ;; 3 instructions, 1 division.
  (func (export "division")
    (drop (i32.div_u (i32.const 7) (i32.const 2))))

  ;; 6 instructions, 1 float operation, 1 float division.
  (func (export "float")
    (drop (f64.add (f64.const 1) (f64.const 2)))
    (drop (f64.div (f64.const 1) (f64.const 2))))

  ;; 1 call, and the leaf.
  (func (export "call")
    (call $leaf))

  ;; 1 instruction, 1 indirect call, and the leaf.
  (func (export "indirect_call")
    (call_indirect (type $nothing) (i32.const 0)))

  ;; 2 instructions and 3 targets.
  (func (export "br_table")
    (block $a (block $b (br_table $a $b $a $b (i32.const 1)))))

  ;; 6 instructions, 2 bulk operations on 17 and 16 bytes: 3 and 2 groups of 8.
  (func (export "bulk")
    (memory.fill (i32.const 0) (i32.const 1) (i32.const 17))
    (memory.copy (i32.const 100) (i32.const 0) (i32.const 16)))

  ;; 2 instructions, 1 bulk, 2 pages.
  (func (export "grow")
    (drop (memory.grow (i32.const 2))))

  ;; 1 instruction, 1 call, 1 reading of context.
  (func (export "host")
    (drop (call $gas_left)))

  ;; 1 local, 3 instructions.
  (func $leaf (local $x i32)
    (local.set $x (i32.const 1))
    (nop)
    (block)
    (return)))
