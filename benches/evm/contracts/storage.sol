// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// A hundred slots in a row, each read and written ten times.
contract Storage {
    uint256[100] private slots;

    fallback() external {
        uint256 sum;
        unchecked {
            for (uint256 round = 0; round < 1_000; round++) sum += slots[round % 100]++;
        }
        assembly {
            mstore(0, sum)
            return(0, 32)
        }
    }
}
