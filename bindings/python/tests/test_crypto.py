"""Hashes and signatures through the binding; the suites of vectors are the library's own tests."""

import unittest

import support  # noqa: F401
import zvm
from zvm import Algorithm, Hash, Status, Verdict

# RFC 8032, 7.1, test 2.
KEY = bytes.fromhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
SIGNATURE = bytes.fromhex(
    "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
    "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
)


class Crypto(unittest.TestCase):
    def test_a_signature_is_judged(self):
        for message, key, verdict in [
            (b"\x72", KEY, Verdict.VALID), (b"\x73", KEY, Verdict.INVALID), (b"\x72", KEY[1:], Verdict.NO_KEY)
        ]:  # fmt: skip
            self.assertEqual(zvm.verify(Algorithm.ED25519, message, SIGNATURE, key), verdict)
        for need, verdict in [(0, Verdict.INVALID), (1, Verdict.VALID), (2, Verdict.INVALID)]:
            judged = zvm.verify_threshold(Algorithm.ED25519, need, b"\x72", [SIGNATURE] * 2, [KEY] * 2)
            self.assertEqual(judged, verdict, "the same key twice is one key")
        self.assertEqual(zvm.verify_same_message(bytes(32), bytes(96), [bytes(48)]), Verdict.NO_KEY)
        self.assertEqual(zvm.verify_aggregate([], bytes(96), []), Verdict.INVALID)

    def test_a_hash_is_the_contracts(self):
        empty = "c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470"
        self.assertEqual(zvm.hash(Hash.KECCAK256, b"").hex(), empty)
        self.assertEqual(zvm.hash(Hash.RIPEMD160, b"").hex(), "9c1185a5c5e9fc54612808977ee8f548b2258d31")
        with self.assertRaises(zvm.ZvmError) as raised:
            zvm.hash(1, b"")
        self.assertEqual(raised.exception.status, Status.UNSUPPORTED)

    def test_a_key_is_recovered(self):
        digest = bytes.fromhex("456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3")
        signature = bytes.fromhex(
            "9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac8038825608"
            "4f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada1c"
        )
        key, address = zvm.recover(digest, signature)
        self.assertEqual(address.hex(), "7156526fbd7a3c72969b54f64e42c10fbb768c8a")
        self.assertEqual(zvm.key_address(Algorithm.SECP256K1, b"\x04" + key), address)
        self.assertIsNone(zvm.recover(digest, signature[:64] + b"\x04"))
        with self.assertRaises(zvm.ZvmError) as raised:
            zvm.key_address(Algorithm.SECP256K1, key)
        self.assertEqual(raised.exception.status, Status.ARGUMENT)

    def test_a_transaction_is_read_and_refused(self):
        # As docs/transactions.md has it: a call, the key of above, no signature.
        word = lambda last: "5820" + "00" * 31 + last  # noqa: E731
        body = f"a800{word('09')}0101021a05f5e10003{word('03')}04{word('05')}05400654{'07' * 20}0760"
        transaction = bytes.fromhex(f"84{body}015820{KEY.hex()}4103")
        read = zvm.Transaction.decode(transaction)
        self.assertEqual((read.chain_id, read.nonce, read.gas_limit, read.gas_price, read.value), (9, 1, 100_000_000, 3, 5))
        self.assertEqual((read.target, read.entry, read.code, read.salt), (bytes([7] * 20), "", None, None))
        self.assertEqual((read.algorithm, read.key, read.signature), (Algorithm.ED25519, KEY, b"\x03"))
        self.assertEqual(read.sender, zvm.key_address(Algorithm.ED25519, KEY))
        self.assertEqual(read.digest, zvm.hash(Hash.KECCAK256, b"zvm transaction 1" + bytes.fromhex(body)))
        self.assertEqual(read.hash, zvm.hash(Hash.KECCAK256, transaction))
        with zvm.Runtime() as runtime, zvm.Store() as store, runtime.session(store) as session:
            for attempt in (session.check, session.run):
                with self.assertRaises(zvm.ZvmError) as raised:
                    attempt(transaction)
                self.assertEqual(raised.exception.status, Status.SIGNATURE)
        with self.assertRaises(zvm.ZvmError) as raised:
            zvm.Transaction.decode(transaction + b"\0")
        self.assertEqual(raised.exception.status, Status.TRANSACTION_FORMAT)


if __name__ == "__main__":
    unittest.main()
