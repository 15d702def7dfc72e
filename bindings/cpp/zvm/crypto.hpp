// Hashes and signatures, judged as contracts have them judged.
#ifndef ZVM_CRYPTO_HPP
#define ZVM_CRYPTO_HPP

#include "values.hpp"

namespace zvm {

/// The hash of a message by a ZVM_HASH number; of RIPEMD-160 20 bytes and then zero.
inline word hash(std::uint32_t function, view message)
{
    detail::outcome done;
    word digest;
    done.check(zvm_hash(function, message, &digest, done.out()));
    return digest;
}

/// Judges a signature by a ZVM_ALGORITHM number and gives a ZVM_VERDICT. For ECDSA the message is a digest of 32
/// bytes; the context is ML-DSA's.
inline std::int32_t verify(std::uint32_t algorithm, view message, view signature, view key, view context = view())
{
    detail::outcome done;
    std::int32_t verdict;
    done.check(zvm_verify(algorithm, message, signature, key, context, &verdict, done.out()));
    return verdict;
}

/// Whether at least `need` distinct keys signed the message, the n-th signature under the n-th key; both lists are
/// without gaps.
inline std::int32_t verify_threshold(std::uint32_t algorithm, std::uint32_t need, view message, view signatures,
                                     view keys)
{
    detail::outcome done;
    std::int32_t verdict;
    done.check(zvm_verify_threshold(algorithm, need, message, signatures, keys, &verdict, done.out()));
    return verdict;
}

/// Whether a BLS signature is the aggregate of each key's signature of its own message of 32 bytes. Keys that
/// strangers brought must have proved that their owners have them.
inline std::int32_t verify_aggregate(view messages, view signature, view keys)
{
    detail::outcome done;
    std::int32_t verdict;
    done.check(zvm_verify_aggregate(ZVM_ALGORITHM_BLS, messages, signature, keys, 0, &verdict, done.out()));
    return verdict;
}

/// Whether a BLS signature is the aggregate of all keys' signatures of one message.
inline std::int32_t verify_same_message(const word &message, view signature, view keys)
{
    detail::outcome done;
    std::int32_t verdict;
    done.check(zvm_verify_aggregate(ZVM_ALGORITHM_BLS, view(message), signature, keys, 1, &verdict, done.out()));
    return verdict;
}

/// A key of secp256k1 that signed a hash, and its address; `found` says whether one did.
struct recovered {
    bool found;
    point key;
    zvm::address address;
};

/// Recovers the key from r, s and the recovery identifier.
inline recovered recover(const word &hash, view signature)
{
    detail::outcome done;
    recovered answer;
    std::int32_t verdict;
    done.check(zvm_recover(&hash, signature, &answer.key, &answer.address, &verdict, done.out()));
    answer.found = verdict == ZVM_VERDICT_VALID;
    return answer;
}

/// The account of a public key.
inline address key_address(std::uint32_t algorithm, view key)
{
    detail::outcome done;
    address account;
    done.check(zvm_address_of_key(algorithm, key, &account, done.out()));
    return account;
}

} // namespace zvm

#endif
