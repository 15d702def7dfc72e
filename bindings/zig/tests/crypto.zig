//! Hashes and signatures through the binding; the suites of vectors are the library's own tests.

const std = @import("std");
const zvm = @import("zvm");
const testing = std.testing;
const crypto = zvm.crypto;

fn unhex(comptime text: []const u8) [text.len / 2]u8 {
    var bytes: [text.len / 2]u8 = undefined;
    _ = std.fmt.hexToBytes(&bytes, text) catch unreachable;
    return bytes;
}

test "a signature is judged" {
    // RFC 8032, 7.1, test 2.
    const key = unhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const signature = unhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" ++
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    try testing.expectEqual(.valid, crypto.verify(.ed25519, "\x72", &signature, &key, ""));
    try testing.expectEqual(.invalid, crypto.verify(.ed25519, "\x73", &signature, &key, ""));
    try testing.expectEqual(.no_key, crypto.verify(.ed25519, "\x72", &signature, key[1..], ""));
    // The same key twice is one key.
    const signatures, const keys = .{ signature ++ signature, key ++ key };
    try testing.expectEqual(.valid, crypto.verifyThreshold(.ed25519, 1, "\x72", &signatures, &keys));
    try testing.expectEqual(.invalid, crypto.verifyThreshold(.ed25519, 2, "\x72", &signatures, &keys));
    const zeros: [96]u8 = @splat(0);
    try testing.expectEqual(.invalid, crypto.verifyAggregate(&.{}, &zeros, &.{}));
    try testing.expectEqual(.no_key, crypto.verifySameMessage(@splat(0), &zeros, &.{@splat(0)}));
}

test "a hash is the contracts'" {
    var hash: zvm.Word = undefined;
    std.crypto.hash.sha3.Keccak256.hash("zvm", &hash, .{});
    try testing.expectEqual(hash, crypto.hash(.keccak256, "zvm"));
    std.crypto.hash.Blake3.hash("zvm", &hash, .{});
    try testing.expectEqual(hash, crypto.hash(.blake3, "zvm"));
}

test "a transaction is read and refused" {
    // A call as docs/transactions.md has it, with the key of above and without a signature.
    const word = "5820" ++ "00" ** 31;
    const key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    const body = "a800" ++ word ++ "090101021a05f5e10003" ++ word ++ "0304" ++ word ++ "0505400654" ++ "07" ** 20 ++ "0760";
    const bytes = unhex("84" ++ body ++ "015820" ++ key ++ "4103");
    const read: zvm.Transaction = try .decode(&bytes, null);
    try testing.expectEqual(1, read.nonce);
    try testing.expectEqual(@as(zvm.Address, @splat(7)), read.action.call.target);
    try testing.expectEqual(try crypto.keyAddress(.ed25519, &unhex(key)), read.sender);
    try testing.expectEqual(crypto.hash(.keccak256, &bytes), read.hash);
    try testing.expectEqualSlices(u8, &.{3}, read.signature);
    try testing.expectError(error.TransactionFormat, zvm.Transaction.decode(bytes[1..], null));
    const runtime: zvm.Runtime = try .init(.{});
    defer runtime.deinit();
    const store: zvm.Store = try .memory(null);
    defer store.deinit();
    const session = try store.session(runtime, .{});
    defer session.deinit();
    try testing.expectError(error.Signature, session.check(&bytes));
    try testing.expectError(error.Signature, session.run(&bytes, null));
}

test "a key is recovered" {
    const hash = unhex("456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3");
    var signature = unhex("9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac8038825608" ++
        "4f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada1c");
    const signer = crypto.recover(hash, signature).?;
    try testing.expectEqual(unhex("7156526fbd7a3c72969b54f64e42c10fbb768c8a"), signer.address);
    try testing.expectEqual(signer.address, try crypto.keyAddress(.secp256k1, &([1]u8{4} ++ signer.key)));
    try testing.expectError(error.Argument, crypto.keyAddress(.secp256k1, &signer.key));
    signature[64] = 4;
    try testing.expectEqual(null, crypto.recover(hash, signature));
}
