// SPDX-License-Identifier: MIT OR Apache-2.0
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// OpenZeppelin's ERC-20 with EIP-2612's permits. Whoever deploys it has the whole supply.
contract Token is ERC20, ERC20Permit {
    constructor(uint256 supply) ERC20("Token", "TOK") ERC20Permit("Token") {
        _mint(msg.sender, supply);
    }
}
