// A host's own storage, accounts and hooks, as classes to derive from.
//
// What a member function throws does not cross the library: it is kept, the library is told that the callback unwound, and
// the session's function that led there throws a zvm::error with it nested.
#ifndef ZVM_HOST_HPP
#define ZVM_HOST_HPP

#include "call.hpp"

#include <exception>
#include <memory>

namespace zvm {

/// Where a callback puts bytes.
class answer {
public:
    answer(zvm_reply &reply, std::uint64_t *charge) noexcept : reply_(reply), charge_(charge) {}

    /// Copies the bytes into the library.
    void write(view bytes)
    {
        std::uint8_t *room = reply_.buf;
        if (bytes.size() > reply_.cap && (room = zvm_reply_reserve(&reply_, bytes.size())) == nullptr)
            throw std::length_error("an answer over the library's limit");
        if (!bytes.empty())
            std::memcpy(room, bytes.data(), bytes.size());
        reply_.len = bytes.size();
    }

    /// Lends the bytes: they stay valid until the next callback of this host or the end of the library call.
    void lend(view bytes) noexcept
    {
        reply_.lent = bytes.data();
        reply_.len = bytes.size();
    }

    /// Asks for gas on top of the schedule's price. Answers to `code` may not; it is ignored there.
    void charge(std::uint64_t gas) noexcept
    {
        if (charge_)
            *charge_ = gas;
    }

private:
    zvm_reply &reply_;
    std::uint64_t *charge_;
};

/// An account as the host knows it.
struct account_state {
    word balance{};
    std::uint64_t nonce = 0;
    /// Zero where the account has no code.
    word code_hash{};
    /// A ZVM_ENGINE number, or 0 to let the code decide.
    std::uint32_t engine = 0;
};

/// What a page of a scan is to hold: keys in order, from the first to before the end.
struct range {
    view start;
    view end;
    /// Whether `end` is one.
    bool bounded;
    /// From the end backwards.
    bool reverse;
    /// At most so many keys.
    std::size_t limit;
};

/// The keys of a page.
struct page {
    std::vector<std::vector<std::uint8_t>> keys;
    /// No more follow.
    bool done = true;
};

/// What a commit brings, whole or not at all.
struct batch {
    list<change> changes;
    list<event> events;
    std::uint64_t session_id;
    std::uint64_t serial;
};

/// A host's storage and ledger. Called on the thread that called the session.
class host {
public:
    virtual ~host() {}

    /// Reads a storage entry; false is absent.
    virtual bool get(const address &whose, view key, answer &value) = 0;
    /// Reads an account; false is absent.
    virtual bool account(const address &whose, account_state &state) = 0;
    /// Reads code by its keccak256; false is absent.
    virtual bool code(const word &hash, answer &bytes) = 0;
    /// Takes over all changes, or throws and takes none.
    virtual void commit(const batch &all) = 0;
    /// Reads keys in order. Without it, contracts that ask for the next key fail.
    virtual page scan(const address &whose, const range &asked)
    {
        (void)whose, (void)asked;
        throw std::logic_error("this host offers no scan");
    }
    /// Reads the hash of an earlier block; false is outside the window.
    virtual bool block_hash(std::uint64_t number, word &hash)
    {
        (void)number, (void)hash;
        return false;
    }
};

/// The running call as a query sees it.
class frame {
public:
    explicit frame(zvm_frame *raw) noexcept : raw_(raw) {}

    /// Calls a contract below the one that asks, in the same overlay.
    result call(const zvm::call &what) const
    {
        detail::outcome done;
        result came;
        const zvm_call filled = what.raw();
        done.check(zvm_frame_call(raw_, &filled, came.out(), done.out()));
        return came;
    }

    zvm_frame *raw() const noexcept { return raw_; }

private:
    zvm_frame *raw_;
};

/// Code before it becomes a contract.
struct candidate {
    view code;
    word hash;
    address creator;
    address contract;
    std::uint32_t engine;
};

/// What a host may add.
class hooks {
public:
    virtual ~hooks() {}

    /// Scores code; false refuses it.
    virtual bool admit(const candidate &asked, std::uint32_t &score)
    {
        (void)asked;
        score = UINT32_MAX;
        return true;
    }
    /// Answers a contract's question of the host's own kind; false is no answer.
    virtual bool query(const frame &running, std::uint32_t kind, view request, answer &bytes)
    {
        (void)running, (void)kind, (void)request, (void)bytes;
        return false;
    }
    /// Takes a line of text. What it throws is lost.
    virtual void log(std::uint32_t level, view target, view message) { (void)level, (void)target, (void)message; }
    /// Takes lines of JSON, each with its end, where session::trace asked for them. What it throws is lost.
    virtual void trace(view lines) { (void)lines; }
};

namespace detail {

/// One session's context: what its tables call, and what was thrown there.
struct bridge {
    std::shared_ptr<host> ledger;
    std::shared_ptr<hooks> extra;
    std::exception_ptr thrown;
};

/// Each table holds one count of the bridge, which its release gives back.
using hold = std::shared_ptr<bridge>;

/// The border. Nothing that is thrown behind it gets over it.
template <typename Op, typename Work> std::int32_t cross(void *ctx, Op *op, Work work) noexcept
{
    bridge &to = **static_cast<hold *>(ctx);
    try {
        return work(to, *op);
    } catch (const std::exception &thrown) {
        to.thrown = std::current_exception();
        const zvm_bytes text = view(thrown.what());
        zvm_frame_fail(op->op.frame, 0, text, nullptr);
    } catch (...) {
        to.thrown = std::current_exception();
    }
    return ZVM_CB_UNWOUND;
}

inline std::int32_t found(bool is) noexcept { return is ? ZVM_CB_DONE : ZVM_CB_ABSENT; }

/// Lays the keys of a page out as the library reads them.
inline std::int32_t fill(zvm_scan_op &op, const page &rows)
{
    std::vector<std::uint8_t> data;
    if (rows.keys.size() > op.rows_cap)
        throw std::length_error("a page with more keys than were asked for");
    for (const std::vector<std::uint8_t> &key : rows.keys) {
        op.rows[op.rows_len++] =
            zvm_row{static_cast<std::uint32_t>(data.size()), static_cast<std::uint32_t>(key.size()), 0, 0};
        data.insert(data.end(), key.begin(), key.end());
    }
    op.done = rows.done ? 1 : 0;
    answer(op.data, nullptr).write(data);
    return ZVM_CB_DONE;
}

extern "C" {

inline std::int32_t zvm_cpp_get(void *ctx, zvm_get_op *raw) noexcept
{
    return cross(ctx, raw, [](bridge &to, zvm_get_op &op) {
        answer value(op.value, &op.op.gas_charge);
        return found(to.ledger->get(op.account, op.key, value));
    });
}

inline std::int32_t zvm_cpp_scan(void *ctx, zvm_scan_op *raw) noexcept
{
    return cross(ctx, raw, [](bridge &to, zvm_scan_op &op) {
        const range asked{op.start, op.end, op.bounded == 1, op.reverse == 1, op.rows_cap};
        return fill(op, to.ledger->scan(op.account, asked));
    });
}

inline std::int32_t zvm_cpp_commit(void *ctx, zvm_commit_op *raw) noexcept
{
    return cross(ctx, raw, [](bridge &to, zvm_commit_op &op) -> std::int32_t {
        to.ledger->commit(batch{list<change>(op.changes, op.count), list<event>(op.logs, op.log_count), op.session_id,
            op.serial});
        return ZVM_CB_DONE;
    });
}

inline std::int32_t zvm_cpp_account(void *ctx, zvm_account_op *raw) noexcept
{
    return cross(ctx, raw, [](bridge &to, zvm_account_op &op) {
        account_state state;
        const bool is = to.ledger->account(op.address, state);
        op.balance = state.balance;
        op.nonce = state.nonce;
        op.code_hash = state.code_hash;
        op.engine = state.engine;
        return found(is);
    });
}

inline std::int32_t zvm_cpp_code(void *ctx, zvm_code_op *raw) noexcept
{
    return cross(ctx, raw, [](bridge &to, zvm_code_op &op) {
        answer bytes(op.code, nullptr);
        return found(to.ledger->code(op.hash, bytes));
    });
}

inline std::int32_t zvm_cpp_block_hash(void *ctx, zvm_block_hash_op *raw) noexcept
{
    return cross(ctx, raw,
        [](bridge &to, zvm_block_hash_op &op) { return found(to.ledger->block_hash(op.number, op.hash)); });
}

inline std::int32_t zvm_cpp_admit(void *ctx, zvm_admit_op *raw) noexcept
{
    return cross(ctx, raw, [](bridge &to, zvm_admit_op &op) -> std::int32_t {
        const candidate asked{op.code, op.hash, op.creator, op.contract, op.engine};
        return to.extra->admit(asked, op.score) ? ZVM_CB_DONE : ZVM_CB_REFUSED;
    });
}

inline std::int32_t zvm_cpp_query(void *ctx, zvm_query_op *raw) noexcept
{
    return cross(ctx, raw, [](bridge &to, zvm_query_op &op) {
        answer bytes(op.answer, &op.op.gas_charge);
        return found(to.extra->query(frame(op.op.frame), op.kind, op.request, bytes));
    });
}

inline std::int32_t zvm_cpp_log(void *ctx, zvm_log_op *raw) noexcept
{
    bridge &to = **static_cast<hold *>(ctx);
    try {
        to.extra->log(raw->level, raw->target, raw->message);
    } catch (...) {
    }
    return ZVM_CB_DONE;
}

inline std::int32_t zvm_cpp_trace(void *ctx, zvm_trace_op *raw) noexcept
{
    bridge &to = **static_cast<hold *>(ctx);
    try {
        to.extra->trace(raw->lines);
    } catch (...) {
    }
    return ZVM_CB_DONE;
}

inline void zvm_cpp_release(void *ctx) noexcept { delete static_cast<hold *>(ctx); }
}

inline const zvm_storage &storage_table() noexcept
{
    static const zvm_storage table{
        sizeof table, 0, zvm_cpp_get, nullptr, zvm_cpp_scan, zvm_cpp_commit, zvm_cpp_release};
    return table;
}

inline const zvm_ledger &ledger_table() noexcept
{
    static const zvm_ledger table{
        sizeof table, 0, zvm_cpp_account, zvm_cpp_code, zvm_cpp_block_hash, zvm_cpp_release};
    return table;
}

inline const zvm_hooks &hooks_table() noexcept
{
    static const zvm_hooks table{
        sizeof table, 0, zvm_cpp_admit, zvm_cpp_query, zvm_cpp_log, zvm_cpp_trace, zvm_cpp_release};
    return table;
}

} // namespace detail
} // namespace zvm

#endif
