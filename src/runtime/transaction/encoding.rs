//! Canonical CBOR, both ways.
//!
//! Reading is strict twice: every field is expected at its place in the form it must have, and what was read
//! must encode to the same bytes again, which no longer integer, no other order and nothing behind the end
//! survives. Nothing is allocated by what a length says.

use std::convert::Infallible;

use minicbor::{Decoder, Encoder};

use super::{Action, Transaction};
use crate::crypto::signature::Algorithm;
use crate::error::{Error, Result, Status};
use crate::types::{Address, EngineKind, Word};

/// Keys of the body, in order.
mod field {
    pub(super) const CHAIN_ID: u32 = 0;
    pub(super) const NONCE: u32 = 1;
    pub(super) const GAS_LIMIT: u32 = 2;
    pub(super) const GAS_PRICE: u32 = 3;
    pub(super) const VALUE: u32 = 4;
    pub(super) const INPUT: u32 = 5;
    pub(super) const TARGET: u32 = 6;
    pub(super) const ENTRY: u32 = 7;
    pub(super) const CODE: u32 = 8;
    pub(super) const ENGINE: u32 = 9;
    pub(super) const SALT: u32 = 10;
}

/// Fields that every body has.
const COMMON: u64 = 6;
/// Body, algorithm, key, signature.
const SIGNED: u64 = 4;

/// The bytes of a transaction.
pub(super) fn body(transaction: &Transaction<'_>) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    write(&mut encoder, transaction).expect("a vector takes everything");
    encoder.into_writer()
}

/// The bytes of a transaction and a signature of it.
pub(super) fn signed(
    transaction: &Transaction<'_>,
    algorithm: Algorithm,
    key: &[u8],
    signature: &[u8],
) -> Vec<u8> {
    let mut encoder = Encoder::new(Vec::new());
    write_signed(&mut encoder, transaction, algorithm as u32, key, signature)
        .expect("a vector takes everything");
    encoder.into_writer()
}

type Written = std::result::Result<(), minicbor::encode::Error<Infallible>>;

fn write_signed(
    encoder: &mut Encoder<Vec<u8>>,
    transaction: &Transaction<'_>,
    algorithm: u32,
    key: &[u8],
    signature: &[u8],
) -> Written {
    encoder.array(SIGNED)?;
    write(encoder, transaction)?;
    encoder.u32(algorithm)?.bytes(key)?.bytes(signature)?;
    Ok(())
}

fn write(encoder: &mut Encoder<Vec<u8>>, transaction: &Transaction<'_>) -> Written {
    let Transaction { chain_id, nonce, gas_limit, gas_price, value, input, action } = transaction;
    let own = match action {
        Action::Call { .. } => 2,
        Action::Deploy { salt, .. } => 2 + u64::from(salt.is_some()),
    };
    encoder.map(COMMON + own)?;
    encoder.u32(field::CHAIN_ID)?.bytes(&chain_id.0)?;
    encoder.u32(field::NONCE)?.u64(*nonce)?;
    encoder.u32(field::GAS_LIMIT)?.u64(*gas_limit)?;
    encoder.u32(field::GAS_PRICE)?.bytes(&gas_price.0)?;
    encoder.u32(field::VALUE)?.bytes(&value.0)?;
    encoder.u32(field::INPUT)?.bytes(input)?;
    match action {
        Action::Call { target, entry } => {
            encoder.u32(field::TARGET)?.bytes(&target.0)?;
            encoder.u32(field::ENTRY)?.str(entry)?;
        }
        Action::Deploy { code, engine, salt } => {
            encoder.u32(field::CODE)?.bytes(code)?;
            encoder.u32(field::ENGINE)?.u32(engine.map_or(0, |engine| engine as u32))?;
            if let Some(salt) = salt {
                encoder.u32(field::SALT)?.bytes(&salt.0)?;
            }
        }
    }
    Ok(())
}

/// A transaction, its own bytes, and the algorithm's number, key and signature.
type Parts<'a> = (Transaction<'a>, &'a [u8], u32, &'a [u8], &'a [u8]);

/// Reads a signed transaction.
pub(super) fn read(bytes: &[u8]) -> Result<Parts<'_>> {
    let mut decoder = Decoder::new(bytes);
    let (transaction, body, algorithm, key, signature) =
        read_signed(&mut decoder, bytes).map_err(|why| refused(&why.to_string()))?;
    let mut encoder = Encoder::new(Vec::with_capacity(bytes.len()));
    write_signed(&mut encoder, &transaction, algorithm, key, signature).expect("a vector takes everything");
    if encoder.into_writer() != bytes {
        return Err(refused("the bytes are not the canonical ones"));
    }
    Ok((transaction, body, algorithm, key, signature))
}

type Read<T> = std::result::Result<T, minicbor::decode::Error>;

fn read_signed<'a>(decoder: &mut Decoder<'a>, bytes: &'a [u8]) -> Read<Parts<'a>> {
    if decoder.array()? != Some(SIGNED) {
        return Err(odd("a signed transaction is a list of four"));
    }
    let start = decoder.position();
    let transaction = read_body(decoder)?;
    let body = &bytes[start..decoder.position()];
    Ok((transaction, body, decoder.u32()?, decoder.bytes()?, decoder.bytes()?))
}

fn read_body<'a>(decoder: &mut Decoder<'a>) -> Read<Transaction<'a>> {
    let Some(fields) = decoder.map()? else { return Err(odd("a map without a length")) };
    Ok(Transaction {
        chain_id: Word(fixed(expect(decoder, field::CHAIN_ID)?)?),
        nonce: expect(decoder, field::NONCE)?.u64()?,
        gas_limit: expect(decoder, field::GAS_LIMIT)?.u64()?,
        gas_price: Word(fixed(expect(decoder, field::GAS_PRICE)?)?),
        value: Word(fixed(expect(decoder, field::VALUE)?)?),
        input: expect(decoder, field::INPUT)?.bytes()?,
        action: read_action(decoder, fields)?,
    })
}

fn read_action<'a>(decoder: &mut Decoder<'a>, fields: u64) -> Read<Action<'a>> {
    match decoder.u32()? {
        field::TARGET if fields == COMMON + 2 => Ok(Action::Call {
            target: Address(fixed(decoder)?),
            entry: expect(decoder, field::ENTRY)?.str()?,
        }),
        field::CODE if fields == COMMON + 2 || fields == COMMON + 3 => Ok(Action::Deploy {
            code: decoder.bytes()?,
            engine: match expect(decoder, field::ENGINE)?.u32()? {
                0 => None,
                number => Some(EngineKind::from_number(number).ok_or_else(|| odd("an unknown engine"))?),
            },
            salt: match fields - COMMON {
                3 => Some(Word(fixed(expect(decoder, field::SALT)?)?)),
                _ => None,
            },
        }),
        _ => Err(odd("neither a call nor a deploy")),
    }
}

/// The decoder behind the key of this field, which must come next.
fn expect<'a, 'd>(decoder: &'d mut Decoder<'a>, field: u32) -> Read<&'d mut Decoder<'a>> {
    match decoder.u32()? {
        key if key == field => Ok(decoder),
        key => Err(odd(&format!("field {key} where {field} belongs"))),
    }
}

fn fixed<const N: usize>(decoder: &mut Decoder<'_>) -> Read<[u8; N]> {
    decoder.bytes()?.try_into().map_err(|_| odd(&format!("not {N} bytes")))
}

fn odd(why: &str) -> minicbor::decode::Error {
    minicbor::decode::Error::message(why)
}

fn refused(why: &str) -> Error {
    Error::new(Status::TransactionFormat, format!("no signed transaction: {why}"))
}
