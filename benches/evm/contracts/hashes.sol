// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

/// Ten thousand hashes, each of the one before.
contract Hashes {
    fallback() external {
        bytes32 hash;
        for (uint256 round = 0; round < 10_000; round++) hash = keccak256(abi.encode(hash, round));
        assembly {
            mstore(0, hash)
            return(0, 32)
        }
    }
}
