//! Hashes and signatures, judged as contracts have them judged.

const c = @import("c.zig").c;
const status = @import("status.zig");
const types = @import("types.zig");

const Address = types.Address;
const Bytes = types.Bytes;
const Word = types.Word;

/// A hash that contracts have.
pub const Hash = enum(u32) {
    keccak256 = c.ZVM_HASH_KECCAK256,
    sha256 = c.ZVM_HASH_SHA256,
    sha3_256 = c.ZVM_HASH_SHA3_256,
    blake3 = c.ZVM_HASH_BLAKE3,
    blake2b_256 = c.ZVM_HASH_BLAKE2B_256,
    /// 20 bytes, then 12 of zero.
    ripemd160 = c.ZVM_HASH_RIPEMD160,
};

/// A signature algorithm. Dilithium is there only where the library was built with it.
pub const Algorithm = enum(u32) {
    ed25519 = c.ZVM_ALGORITHM_ED25519,
    secp256k1 = c.ZVM_ALGORITHM_SECP256K1,
    p256 = c.ZVM_ALGORITHM_P256,
    schnorr = c.ZVM_ALGORITHM_SCHNORR,
    bls = c.ZVM_ALGORITHM_BLS,
    mldsa44 = c.ZVM_ALGORITHM_MLDSA44,
    mldsa65 = c.ZVM_ALGORITHM_MLDSA65,
    mldsa87 = c.ZVM_ALGORITHM_MLDSA87,
    dilithium2 = c.ZVM_ALGORITHM_DILITHIUM2,
    dilithium3 = c.ZVM_ALGORITHM_DILITHIUM3,
    dilithium5 = c.ZVM_ALGORITHM_DILITHIUM5,
    _,
};

/// What is said of a signature.
pub const Verdict = enum(i32) {
    valid = c.ZVM_VERDICT_VALID,
    invalid = c.ZVM_VERDICT_INVALID,
    /// Or the library does not know the algorithm.
    no_key = c.ZVM_VERDICT_NO_KEY,
    _,
};

/// The hash of a message.
pub fn hash(function: Hash, message: []const u8) Word {
    var out: c.zvm_word = .{};
    // Fails on NULL and on hashes that are not in the enum alone.
    status.certain(c.zvm_hash(@intFromEnum(function), Bytes.of(message).raw(), &out, null));
    return out.bytes;
}

/// Judges a signature. For ECDSA the message is a digest of 32 bytes; the context is ML-DSA's, and empty
/// elsewhere.
pub fn verify(
    algorithm: Algorithm,
    message: []const u8,
    signature: []const u8,
    key: []const u8,
    context: []const u8,
) Verdict {
    var out: i32 = 0;
    // Fails on NULL alone.
    status.certain(c.zvm_verify(
        @intFromEnum(algorithm),
        Bytes.of(message).raw(),
        Bytes.of(signature).raw(),
        Bytes.of(key).raw(),
        Bytes.of(context).raw(),
        &out,
        null,
    ));
    return @enumFromInt(out);
}

/// Whether at least `need` distinct keys signed the message, the n-th signature under the n-th key. Both
/// lists are without gaps.
pub fn verifyThreshold(
    algorithm: Algorithm,
    need: u32,
    message: []const u8,
    signatures: []const u8,
    keys: []const u8,
) Verdict {
    var out: i32 = 0;
    // Fails on NULL alone.
    status.certain(c.zvm_verify_threshold(
        @intFromEnum(algorithm),
        need,
        Bytes.of(message).raw(),
        Bytes.of(signatures).raw(),
        Bytes.of(keys).raw(),
        &out,
        null,
    ));
    return @enumFromInt(out);
}

/// Whether a BLS signature is the aggregate of each key's signature of its own message. Keys that strangers
/// brought must have proved that their owners have them.
pub fn verifyAggregate(messages: []const Word, signature: []const u8, keys: []const [48]u8) Verdict {
    return aggregate(messages, signature, keys, 0);
}

/// Whether a BLS signature is the aggregate of all keys' signatures of one message.
pub fn verifySameMessage(message: Word, signature: []const u8, keys: []const [48]u8) Verdict {
    return aggregate(&.{message}, signature, keys, 1);
}

fn aggregate(messages: []const Word, signature: []const u8, keys: []const [48]u8, same_message: u32) Verdict {
    var out: i32 = 0;
    // Fails on NULL and on lists with gaps alone.
    status.certain(c.zvm_verify_aggregate(
        c.ZVM_ALGORITHM_BLS,
        Bytes.of(@ptrCast(messages)).raw(),
        Bytes.of(signature).raw(),
        Bytes.of(@ptrCast(keys)).raw(),
        same_message,
        &out,
        null,
    ));
    return @enumFromInt(out);
}

/// A key of secp256k1 as x and y, and its address.
pub const Recovered = struct { key: [64]u8, address: Address };

/// The key that signed a hash, from r, s and the recovery identifier; null where none did.
pub fn recover(digest: Word, signature: [65]u8) ?Recovered {
    var key: c.zvm_point = .{};
    var address: c.zvm_address = .{};
    var out: i32 = 0;
    // Fails on NULL alone.
    status.certain(c.zvm_recover(
        &.{ .bytes = digest },
        Bytes.of(&signature).raw(),
        &key,
        &address,
        &out,
        null,
    ));
    return if (out == c.ZVM_VERDICT_VALID) .{ .key = key.bytes, .address = address.bytes } else null;
}

/// The account of a public key; `error.Argument` where the bytes are no key of the algorithm.
pub fn keyAddress(algorithm: Algorithm, key: []const u8) status.Error!Address {
    var out: c.zvm_address = .{};
    try status.check(c.zvm_address_of_key(@intFromEnum(algorithm), Bytes.of(key).raw(), &out, null));
    return out.bytes;
}
