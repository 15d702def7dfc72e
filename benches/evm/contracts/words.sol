// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

contract Callee {
    function next(uint256 count) external pure returns (uint256) {
        return count + 1;
    }
}

/// A thousand calls of another contract, a word there and a word back.
contract Words {
    Callee private immutable callee = new Callee();

    fallback() external {
        Callee called = callee;
        uint256 count;
        for (uint256 round = 0; round < 1_000; round++) count = called.next(count);
        assembly {
            mstore(0, count)
            return(0, 32)
        }
    }
}
