// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// A thousand bare calls of a contract that does nothing.
contract Subcall {
    address private immutable callee;

    constructor() {
        address created;
        assembly {
            // PUSH1 1, PUSH0, RETURN: its code is one byte of zero, STOP.
            mstore(0, shl(224, 0x60015ff3))
            created := create(0, 0, 4)
        }
        callee = created;
    }

    fallback() external {
        address called = callee;
        assembly {
            for { let left := 1000 } left { left := sub(left, 1) } { pop(call(gas(), called, 0, 0, 0, 0, 0)) }
            mstore(0, called)
            return(0, 32)
        }
    }
}
