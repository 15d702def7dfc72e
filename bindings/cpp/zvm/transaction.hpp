// Signed transactions.
#ifndef ZVM_TRANSACTION_HPP
#define ZVM_TRANSACTION_HPP

#include "values.hpp"

namespace zvm {

/// What a signed transaction says, as zvm.h describes it. Bytes in it are parts of those that were read.
using transaction = zvm_transaction_view;

/// Reads a signed transaction, without looking at its signature.
inline transaction decode_transaction(view bytes)
{
    detail::outcome done;
    transaction read = detail::sized<zvm_transaction_view>();
    done.check(zvm_transaction_decode(bytes, &read, done.out()));
    return read;
}

} // namespace zvm

#endif
