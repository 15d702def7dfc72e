//! Why a transaction is none: no block may contain it, and nothing of it remains.

use std::fmt;

use crate::error::{Error, Status};
use crate::outcome::numbered;

numbered! {
    /// Why a transaction was rejected.
    Rejection:
    1 Kind "The revision does not know transactions of this kind.";
    2 ChainId "The transaction is for another chain.";
    3 NonceTooLow "The sender used the nonce before.";
    4 NonceTooHigh "The nonce comes too early.";
    5 NonceOverflow "A nonce of 2^64 - 1 cannot be counted.";
    6 SenderHasCode "The sender is a contract (EIP-3607).";
    7 GasOverBlock "The gas limit is over the block's.";
    8 GasOverCap "The gas limit is over what a transaction may have (EIP-7825).";
    9 IntrinsicGas "The gas limit does not cover what the transaction costs as such.";
    10 FloorGas "The gas limit does not cover the least its input costs (EIP-7623).";
    11 FeeBelowBase "The price of gas is below the base fee.";
    12 TipOverFee "The tip is over the fee cap.";
    13 Funds "The sender cannot pay the amount and the most that gas may cost.";
    14 InitcodeTooLong "The initcode is too long (EIP-3860).";
    15 NoBlobs "A blob transaction has no blobs.";
    16 TooManyBlobs "The transaction has more blobs than one may have.";
    17 BlobVersion "A blob's hash is of an unknown version.";
    18 BlobFeeBelowBase "The blob fee cap is below the block's blob fee.";
    19 CreatesContract "A transaction of this kind may not create a contract.";
    20 NoAuthorizations "A set-code transaction has no authorizations.";
}

impl From<Rejection> for Error {
    fn from(rejection: Rejection) -> Self {
        Self { reason: rejection as u32, ..Self::new(Status::Rejected, rejection.sentence()) }
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sentence())
    }
}
