;; Does what its input says: a list of operations, each a host function called with raw scalars.
;;
;; Input:  u32 (the code's offset), data, code. Numbers are little-endian.
;; Code:   u8 number, then the operation's scalars in the host function's order: 4 bytes for an i32, 8 for an i64.
;;         An operation with a result takes before them, as 4 bytes, the place its result is stored at.
;; 00 n    ends with the return code n.
;;
;; Numbers below e0 are the host functions' own; those from e0 on are below. The others lie outside the table
;; (f8 and above) or are empty in it. Pointers are plain: the input lies at 0x1000, and from 0x21000 on the memory
;; is free for results. Empty input does nothing.
(module
  (import "zvm" "caller" (func $zvm.caller (param i32)))
  (import "zvm" "origin" (func $zvm.origin (param i32)))
  (import "zvm" "self_address" (func $zvm.self_address (param i32)))
  (import "zvm" "value" (func $zvm.value (param i32)))
  (import "zvm" "gas_left" (func $zvm.gas_left (result i64)))
  (import "zvm" "block_number" (func $zvm.block_number (result i64)))
  (import "zvm" "block_timestamp" (func $zvm.block_timestamp (result i64)))
  (import "zvm" "chain_id" (func $zvm.chain_id (param i32)))
  (import "zvm" "block_hash" (func $zvm.block_hash (param i64 i32) (result i32)))
  (import "zvm" "proposer" (func $zvm.proposer (param i32)))
  (import "zvm" "gas_price" (func $zvm.gas_price (param i32)))
  (import "zvm" "randomness" (func $zvm.randomness (param i32) (result i32)))
  (import "zvm" "input_size" (func $zvm.input_size (result i32)))
  (import "zvm" "input_copy" (func $zvm.input_copy (param i32 i32 i32)))
  (import "zvm" "set_output" (func $zvm.set_output (param i32 i32)))
  (import "zvm" "revert" (func $zvm.revert (param i32 i32)))
  (import "zvm" "return_size" (func $zvm.return_size (result i32)))
  (import "zvm" "return_copy" (func $zvm.return_copy (param i32 i32 i32)))
  (import "zvm" "storage_read" (func $zvm.storage_read (param i32 i32 i32 i32) (result i32)))
  (import "zvm" "storage_write" (func $zvm.storage_write (param i32 i32 i32 i32)))
  (import "zvm" "storage_delete" (func $zvm.storage_delete (param i32 i32) (result i32)))
  (import "zvm" "storage_next" (func $zvm.storage_next (param i32 i32 i32 i32) (result i32)))
  (import "zvm" "transient_read" (func $zvm.transient_read (param i32 i32 i32 i32) (result i32)))
  (import "zvm" "transient_write" (func $zvm.transient_write (param i32 i32 i32 i32)))
  (import "zvm" "balance" (func $zvm.balance (param i32 i32)))
  (import "zvm" "self_balance" (func $zvm.self_balance (param i32)))
  (import "zvm" "transfer" (func $zvm.transfer (param i32 i32) (result i32)))
  (import "zvm" "code_hash" (func $zvm.code_hash (param i32 i32) (result i32)))
  (import "zvm" "call" (func $zvm.call (param i32 i32 i32 i32 i64) (result i32)))
  (import "zvm" "static_call" (func $zvm.static_call (param i32 i32 i32 i64) (result i32)))
  (import "zvm" "delegate_call" (func $zvm.delegate_call (param i32 i32 i32 i64) (result i32)))
  (import "zvm" "create" (func $zvm.create (param i32 i32 i32 i32 i32 i32 i64 i32) (result i32)))
  (import "zvm" "emit" (func $zvm.emit (param i32 i32 i32 i32)))
  (import "zvm" "debug_log" (func $zvm.debug_log (param i32 i32)))
  (import "zvm" "query" (func $zvm.query (param i32 i32 i32 i32 i32) (result i32)))
  (import "zvm" "keccak256" (func $zvm.keccak256 (param i32 i32 i32)))
  (import "zvm" "sha256" (func $zvm.sha256 (param i32 i32 i32)))
  (import "zvm" "sha3_256" (func $zvm.sha3_256 (param i32 i32 i32)))
  (import "zvm" "blake3" (func $zvm.blake3 (param i32 i32 i32)))
  (import "zvm" "blake2b_256" (func $zvm.blake2b_256 (param i32 i32 i32)))
  (import "zvm" "ripemd160" (func $zvm.ripemd160 (param i32 i32 i32)))
  (import "zvm" "verify" (func $zvm.verify (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "zvm" "verify_with_context" (func $zvm.verify_with_context (param i32 i32 i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "zvm" "verify_threshold" (func $zvm.verify_threshold (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "zvm" "verify_aggregate" (func $zvm.verify_aggregate (param i32 i32 i32 i32 i32 i32) (result i32)))
  (import "zvm" "recover" (func $zvm.recover (param i32 i32 i32) (result i32)))
  (import "zvm" "recover_key" (func $zvm.recover_key (param i32 i32 i32) (result i32)))
  (import "zvm" "kem_encapsulate" (func $zvm.kem_encapsulate (param i32 i32 i32 i32 i32 i32 i32) (result i32)))
  (import "zvm" "kem_decapsulate" (func $zvm.kem_decapsulate (param i32 i32 i32 i32 i32 i32) (result i32)))

  (memory (export "memory") 4)
  (type $operation (func))
  (table 0xf8 funcref)
  (elem (i32.const 0x01) $caller $origin $self_address $value $gas_left $block_number $block_timestamp $chain_id
    $block_hash $proposer $gas_price $randomness)
  (elem (i32.const 0x10) $input_size $input_copy $set_output $revert $return_size $return_copy)
  (elem (i32.const 0x20) $storage_read $storage_write $storage_delete $storage_next $transient_read $transient_write)
  (elem (i32.const 0x30) $balance $self_balance $transfer $code_hash)
  (elem (i32.const 0x40) $call $static_call $delegate_call $create)
  (elem (i32.const 0x50) $emit $debug_log $query)
  (elem (i32.const 0x60) $keccak256 $sha256 $sha3_256 $blake3 $blake2b_256 $ripemd160)
  (elem (i32.const 0x70) $verify $verify_with_context $verify_threshold $verify_aggregate $recover $recover_key
    $kem_encapsulate $kem_decapsulate)
  (elem (i32.const 0xe0) $unreachable $load $store $divide $truncate $recurse $grow $add $jump_if $other_type $copy $fill)

  ;; Where the code begins, and where the next byte of it is.
  (global $code (mut i32) (i32.const 0))
  (global $at (mut i32) (i32.const 0))

  (func $run (result i32)
    (local $number i32)
    (call $zvm.input_copy (i32.const 0x1000) (i32.const 0) (call $zvm.input_size))
    (global.set $code (i32.add (i32.const 0x1000) (i32.load (i32.const 0x1000))))
    (global.set $at (global.get $code))
    (loop $next
      (local.set $number (i32.load8_u (global.get $at)))
      (global.set $at (i32.add (global.get $at) (i32.const 1)))
      (if (i32.eqz (local.get $number)) (then (return (call $i32))))
      (call_indirect (type $operation) (local.get $number))
      (br $next))
    (unreachable))
  (export "init" (func $run))
  (export "call" (func $run))
  (export "named" (func $run))
  (export "migrate" (func $run))

  ;; The code's next scalar.
  (func $i32 (result i32)
    (i32.load (global.get $at))
    (global.set $at (i32.add (global.get $at) (i32.const 4))))
  (func $i64 (result i64)
    (i64.load (global.get $at))
    (global.set $at (i32.add (global.get $at) (i32.const 8))))

  (func $caller (call $zvm.caller (call $i32)))
  (func $origin (call $zvm.origin (call $i32)))
  (func $self_address (call $zvm.self_address (call $i32)))
  (func $value (call $zvm.value (call $i32)))
  (func $gas_left (i64.store (call $i32) (call $zvm.gas_left)))
  (func $block_number (i64.store (call $i32) (call $zvm.block_number)))
  (func $block_timestamp (i64.store (call $i32) (call $zvm.block_timestamp)))
  (func $chain_id (call $zvm.chain_id (call $i32)))
  (func $block_hash (i32.store (call $i32) (call $zvm.block_hash (call $i64) (call $i32))))
  (func $proposer (call $zvm.proposer (call $i32)))
  (func $gas_price (call $zvm.gas_price (call $i32)))
  (func $randomness (i32.store (call $i32) (call $zvm.randomness (call $i32))))
  (func $input_size (i32.store (call $i32) (call $zvm.input_size)))
  (func $input_copy (call $zvm.input_copy (call $i32) (call $i32) (call $i32)))
  (func $set_output (call $zvm.set_output (call $i32) (call $i32)))
  (func $revert (call $zvm.revert (call $i32) (call $i32)))
  (func $return_size (i32.store (call $i32) (call $zvm.return_size)))
  (func $return_copy (call $zvm.return_copy (call $i32) (call $i32) (call $i32)))
  (func $storage_read
    (i32.store (call $i32) (call $zvm.storage_read (call $i32) (call $i32) (call $i32) (call $i32))))
  (func $storage_write (call $zvm.storage_write (call $i32) (call $i32) (call $i32) (call $i32)))
  (func $storage_delete (i32.store (call $i32) (call $zvm.storage_delete (call $i32) (call $i32))))
  (func $storage_next
    (i32.store (call $i32) (call $zvm.storage_next (call $i32) (call $i32) (call $i32) (call $i32))))
  (func $transient_read
    (i32.store (call $i32) (call $zvm.transient_read (call $i32) (call $i32) (call $i32) (call $i32))))
  (func $transient_write (call $zvm.transient_write (call $i32) (call $i32) (call $i32) (call $i32)))
  (func $balance (call $zvm.balance (call $i32) (call $i32)))
  (func $self_balance (call $zvm.self_balance (call $i32)))
  (func $transfer (i32.store (call $i32) (call $zvm.transfer (call $i32) (call $i32))))
  (func $code_hash (i32.store (call $i32) (call $zvm.code_hash (call $i32) (call $i32))))
  (func $call
    (i32.store (call $i32) (call $zvm.call (call $i32) (call $i32) (call $i32) (call $i32) (call $i64))))
  (func $static_call
    (i32.store (call $i32) (call $zvm.static_call (call $i32) (call $i32) (call $i32) (call $i64))))
  (func $delegate_call
    (i32.store (call $i32) (call $zvm.delegate_call (call $i32) (call $i32) (call $i32) (call $i64))))
  (func $create
    (i32.store (call $i32)
      (call $zvm.create (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i64) (call $i32))))
  (func $emit (call $zvm.emit (call $i32) (call $i32) (call $i32) (call $i32)))
  (func $debug_log (call $zvm.debug_log (call $i32) (call $i32)))
  (func $query
    (i32.store (call $i32) (call $zvm.query (call $i32) (call $i32) (call $i32) (call $i32) (call $i32))))
  (func $keccak256 (call $zvm.keccak256 (call $i32) (call $i32) (call $i32)))
  (func $sha256 (call $zvm.sha256 (call $i32) (call $i32) (call $i32)))
  (func $sha3_256 (call $zvm.sha3_256 (call $i32) (call $i32) (call $i32)))
  (func $blake3 (call $zvm.blake3 (call $i32) (call $i32) (call $i32)))
  (func $blake2b_256 (call $zvm.blake2b_256 (call $i32) (call $i32) (call $i32)))
  (func $ripemd160 (call $zvm.ripemd160 (call $i32) (call $i32) (call $i32)))
  (func $verify
    (i32.store (call $i32)
      (call $zvm.verify (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i32))))
  (func $verify_with_context
    (i32.store (call $i32)
      (call $zvm.verify_with_context (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i32))))
  (func $verify_threshold
    (i32.store (call $i32)
      (call $zvm.verify_threshold (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i32))))
  (func $verify_aggregate
    (i32.store (call $i32)
      (call $zvm.verify_aggregate (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i32))))
  (func $recover (i32.store (call $i32) (call $zvm.recover (call $i32) (call $i32) (call $i32))))
  (func $recover_key (i32.store (call $i32) (call $zvm.recover_key (call $i32) (call $i32) (call $i32))))
  (func $kem_encapsulate
    (i32.store (call $i32)
      (call $zvm.kem_encapsulate (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i32))))
  (func $kem_decapsulate
    (i32.store (call $i32)
      (call $zvm.kem_decapsulate (call $i32) (call $i32) (call $i32) (call $i32) (call $i32) (call $i32))))

  ;; e0: traps.
  (func $unreachable (unreachable))
  ;; e1 address: reads four bytes of memory for nothing.
  (func $load (drop (i32.load (call $i32))))
  ;; e2 place value
  (func $store (i32.store (call $i32) (call $i32)))
  ;; e3 place dividend divisor: signed.
  (func $divide (i32.store (call $i32) (i32.div_s (call $i32) (call $i32))))
  ;; e4 place bits: the float of these bits as a signed integer.
  (func $truncate (i32.store (call $i32) (i32.trunc_f32_s (f32.reinterpret_i32 (call $i32)))))
  ;; e5: calls itself for ever.
  (func $recurse (call $recurse) (global.set $at (i32.const 0)))
  ;; e6 place pages: the old size, or -1.
  (func $grow (i32.store (call $i32) (memory.grow (call $i32))))
  ;; e7 place number: adds it to what stands there.
  (func $add (local $place i32)
    (local.set $place (call $i32))
    (i32.store (local.get $place) (i32.add (i32.load (local.get $place)) (call $i32))))
  ;; e8 place offset: goes on at this offset of the code if what stands there is not zero.
  (func $jump_if
    (if (i32.load (call $i32))
      (then (global.set $at (i32.add (global.get $code) (call $i32))))
      (else (drop (call $i32)))))
  ;; e9 is of another type than an operation.
  (func $other_type (param i32))
  ;; ea to from len
  (func $copy (memory.copy (call $i32) (call $i32) (call $i32)))
  ;; eb to byte len
  (func $fill (memory.fill (call $i32) (call $i32) (call $i32))))
