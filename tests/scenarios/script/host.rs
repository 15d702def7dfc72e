//! The host functions as operations of a script.

use zvm::{Address, Word};

use super::Scalar::{I32, I64};
use super::{ALL_GAS, Script, number};

impl Script {
    pub(crate) fn caller(self) -> Self {
        self.fills(0x01, 20)
    }

    pub(crate) fn origin(self) -> Self {
        self.fills(0x02, 20)
    }

    pub(crate) fn self_address(self) -> Self {
        self.fills(0x03, 20)
    }

    pub(crate) fn value(self) -> Self {
        self.fills(0x04, 32)
    }

    pub(crate) fn gas_left(self) -> Self {
        self.yields(0x05, 8, &[])
    }

    pub(crate) fn block_number(self) -> Self {
        self.yields(0x06, 8, &[])
    }

    pub(crate) fn block_timestamp(self) -> Self {
        self.yields(0x07, 8, &[])
    }

    pub(crate) fn chain_id(self) -> Self {
        self.fills(0x08, 32)
    }

    /// The result, then 32 bytes for the hash.
    pub(crate) fn block_hash(mut self, number: u64) -> Self {
        let (result, hash) = (self.room(4), self.room(32));
        self.op(0x09, &[I32(result), I64(number), I32(hash)])
    }

    pub(crate) fn proposer(self) -> Self {
        self.fills(0x0a, 20)
    }

    pub(crate) fn gas_price(self) -> Self {
        self.fills(0x0b, 32)
    }

    /// The result, then 32 bytes for the word.
    pub(crate) fn randomness(mut self) -> Self {
        let (result, word) = (self.room(4), self.room(32));
        self.op(0x0c, &[I32(result), I32(word)])
    }

    pub(crate) fn input_size(self) -> Self {
        self.yields(0x10, 4, &[])
    }

    pub(crate) fn input_copy(mut self, start: u32, len: u32) -> Self {
        let place = self.room(len);
        self.op(0x11, &[I32(place), I32(start), I32(len)])
    }

    pub(crate) fn output(mut self, bytes: &[u8]) -> Self {
        let region = self.region(bytes);
        self.op(number::SET_OUTPUT, &region)
    }

    pub(crate) fn return_size(self) -> Self {
        self.yields(0x14, 4, &[])
    }

    pub(crate) fn return_copy(mut self, start: u32, len: u32) -> Self {
        let place = self.room(len);
        self.op(0x15, &[I32(place), I32(start), I32(len)])
    }

    /// The result, then room for the value.
    pub(crate) fn read(self, key: &[u8], cap: u32) -> Self {
        self.finds(0x20, key, cap)
    }

    pub(crate) fn write(mut self, key: &[u8], value: &[u8]) -> Self {
        let (key, value) = (self.region(key), self.region(value));
        self.op(0x21, &[key, value].concat())
    }

    /// Writes under the key that stands at a place.
    pub(crate) fn write_from(mut self, key: u32, len: u32, value: &[u8]) -> Self {
        let [value, value_len] = self.region(value);
        self.op(0x21, &[I32(key), I32(len), value, value_len])
    }

    pub(crate) fn delete(mut self, key: &[u8]) -> Self {
        let key = self.region(key);
        self.yields(0x22, 4, &key)
    }

    /// The result, then room for the key.
    pub(crate) fn next(self, key: &[u8], cap: u32) -> Self {
        self.finds(0x23, key, cap)
    }

    /// The next key written over the one it is looked for from, for keys of one length.
    pub(crate) fn next_in_place(self, key: u32, len: u32) -> Self {
        self.yields(0x23, 4, &[I32(key), I32(len), I32(key), I32(len)])
    }

    /// The result, then room for the value.
    pub(crate) fn transient_read(self, key: &[u8], cap: u32) -> Self {
        self.finds(0x24, key, cap)
    }

    pub(crate) fn transient_write(mut self, key: &[u8], value: &[u8]) -> Self {
        let (key, value) = (self.region(key), self.region(value));
        self.op(0x25, &[key, value].concat())
    }

    fn finds(mut self, number: u8, key: &[u8], cap: u32) -> Self {
        let [key, len] = self.region(key);
        let (result, found) = (self.room(4), self.room(cap));
        self.op(number, &[I32(result), key, len, I32(found), I32(cap)])
    }

    pub(crate) fn balance(mut self, account: Address) -> Self {
        let (account, place) = (self.place(&account.0), self.room(32));
        self.op(0x30, &[I32(account), I32(place)])
    }

    pub(crate) fn self_balance(self) -> Self {
        self.fills(0x31, 32)
    }

    pub(crate) fn transfer(mut self, to: Address, amount: impl Into<Word>) -> Self {
        let (to, amount) = (self.place(&to.0), self.place(&amount.into().0));
        self.yields(0x32, 4, &[I32(to), I32(amount)])
    }

    /// The result, then 32 bytes for the hash.
    pub(crate) fn code_hash(mut self, account: Address) -> Self {
        let (account, result, hash) = (self.place(&account.0), self.room(4), self.room(32));
        self.op(0x33, &[I32(result), I32(account), I32(hash)])
    }

    pub(crate) fn call(self, to: Address, input: &[u8]) -> Self {
        self.call_with(to, Word::ZERO, input, ALL_GAS)
    }

    pub(crate) fn call_with(mut self, to: Address, amount: impl Into<Word>, input: &[u8], gas: u64) -> Self {
        let (to, amount, [input, len]) =
            (self.place(&to.0), self.place(&amount.into().0), self.region(input));
        self.yields(0x40, 4, &[I32(to), I32(amount), input, len, I64(gas)])
    }

    pub(crate) fn static_call(mut self, to: Address, input: &[u8]) -> Self {
        let (to, [input, len]) = (self.place(&to.0), self.region(input));
        self.yields(0x41, 4, &[I32(to), input, len, I64(ALL_GAS)])
    }

    pub(crate) fn delegate_call(mut self, to: Address, input: &[u8]) -> Self {
        let (to, [input, len]) = (self.place(&to.0), self.region(input));
        self.yields(0x42, 4, &[I32(to), input, len, I64(ALL_GAS)])
    }

    /// The result, then 20 bytes for the address.
    pub(crate) fn create(self, code: &[u8], input: &[u8], amount: impl Into<Word>) -> Self {
        self.create_with(code, input, amount, None)
    }

    pub(crate) fn create2(self, code: &[u8], input: &[u8], salt: Word) -> Self {
        self.create_with(code, input, 0, Some(salt))
    }

    fn create_with(mut self, code: &[u8], input: &[u8], amount: impl Into<Word>, salt: Option<Word>) -> Self {
        let [code, code_len] = self.region(code);
        let [input, input_len] = self.region(input);
        let amount = I32(self.place(&amount.into().0));
        let salt = I32(salt.map_or(0, |salt| self.place(&salt.0)));
        let (result, address) = (I32(self.room(4)), I32(self.room(20)));
        self.op(0x43, &[result, code, code_len, input, input_len, amount, salt, I64(ALL_GAS), address])
    }

    pub(crate) fn emit(mut self, topics: &[Word], data: &[u8]) -> Self {
        let all: Vec<u8> = topics.iter().flat_map(|topic| topic.0).collect();
        let (topics, count, data) = (self.place(&all), topics.len() as u32, self.region(data));
        self.op(0x50, &[&[I32(topics), I32(count)], &data[..]].concat())
    }

    pub(crate) fn debug_log(mut self, message: &[u8]) -> Self {
        let message = self.region(message);
        self.op(0x51, &message)
    }

    /// The result, then room for the answer.
    pub(crate) fn query(mut self, kind: u32, request: &[u8], cap: u32) -> Self {
        let [request, len] = self.region(request);
        let (result, answer) = (self.room(4), self.room(cap));
        self.op(0x52, &[I32(result), I32(kind), request, len, I32(answer), I32(cap)])
    }

    /// A hash by its number, 0x60 to 0x65. RIPEMD-160, the last of them, has 20 bytes.
    pub(crate) fn hash(mut self, number: u8, message: &[u8]) -> Self {
        let size = if number == 0x65 { 20 } else { 32 };
        let ([message, len], place) = (self.region(message), self.room(size));
        self.op(number, &[message, len, I32(place)])
    }

    pub(crate) fn verify(mut self, algorithm: u32, message: &[u8], signature: &[u8], key: &[u8]) -> Self {
        let [message, signature, key] = [message, signature, key].map(|bytes| self.region(bytes));
        self.yields(0x70, 4, &[&[I32(algorithm)], &message[..], &signature, &key].concat())
    }

    /// The lists are packed: so many elements without gaps.
    pub(crate) fn verify_threshold(
        mut self,
        (algorithm, need, count): (u32, u32, u32),
        message: &[u8],
        signatures: &[u8],
        keys: &[u8],
    ) -> Self {
        let [message, len] = self.region(message);
        let (signatures, keys) = (I32(self.place(signatures)), I32(self.place(keys)));
        self.yields(0x72, 4, &[I32(algorithm), I32(need), message, len, signatures, keys, I32(count)])
    }

    /// The result, then 20 bytes for the address.
    pub(crate) fn recover(mut self, hash: &[u8], signature: &[u8]) -> Self {
        let (hash, signature) = (I32(self.place(hash)), I32(self.place(signature)));
        let (result, address) = (I32(self.room(4)), I32(self.room(20)));
        self.op(0x74, &[result, hash, signature, address])
    }
}
