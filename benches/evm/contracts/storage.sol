// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// A hundred slots of a mapping, each read and written ten times.
contract Storage {
    mapping(uint256 => uint256) private slots;

    fallback() external {
        uint256 sum;
        for (uint256 round = 0; round < 1_000; round++) sum += slots[round % 100]++;
        assembly {
            mstore(0, sum)
            return(0, 32)
        }
    }
}
