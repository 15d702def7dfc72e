// zvm for C++11 and later: handles that free themselves, errors as exceptions, a host as a class to derive from.
//
// A failed call into the library throws zvm::error. How a contract ended is no error: it is the kind of a zvm::result.
// Objects are as thread-safe as the handles of zvm.h: a session is used by one thread at a time, all else by any.
#ifndef ZVM_HPP
#define ZVM_HPP

#include "zvm/call.hpp"
#include "zvm/host.hpp"
#include "zvm/crypto.hpp"
#include "zvm/transaction.hpp"
#include "zvm/values.hpp"

namespace zvm {

/// What a runtime is made of.
class config {
public:
    config() : raw_(detail::sized<zvm_config>()) { raw_.abi = ZVM_ABI; }

    config &deny_floats()
    {
        raw_.flags |= ZVM_CONFIG_DENY_FLOATS;
        return *this;
    }
    /// Offers ML-KEM to contracts.
    config &allow_kem()
    {
        raw_.flags |= ZVM_CONFIG_ALLOW_KEM;
        return *this;
    }
    /// Offers pure host functions to EVM code, as precompiled contracts.
    config &evm_host_functions()
    {
        raw_.flags |= ZVM_CONFIG_EVM_HOST_FUNCTIONS;
        return *this;
    }
    /// A ZVM_ADMISSION number, and the least score a required admission accepts.
    config &admission(std::uint32_t policy, std::uint32_t least_score = 0)
    {
        raw_.admission = policy;
        raw_.least_score = least_score;
        return *this;
    }
    config &cache_bytes(std::uint64_t bytes)
    {
        raw_.cache_bytes = bytes;
        return *this;
    }
    /// The secret that seals serialised code.
    config &artefact_key(const word &key)
    {
        raw_.artefact_key = key;
        return *this;
    }
    /// A ZVM_COMPILER number.
    config &compiler(std::uint32_t choice)
    {
        raw_.compiler = choice;
        return *this;
    }
    /// ZVM_COMPILER_TIERED, with threads to compile on, and the runs after which code is compiled again.
    config &tiered(std::uint32_t threads, std::uint32_t hot_runs = 0)
    {
        raw_.compiler = ZVM_COMPILER_TIERED;
        raw_.compile_threads = threads;
        raw_.hot_runs = hot_runs;
        return *this;
    }
    /// A ZVM_SIGNALS number.
    config &signals(std::uint32_t policy)
    {
        raw_.signals = policy;
        return *this;
    }
    /// A parameter by name, such as "limit.value_bytes".
    config &option(const std::string &name, std::uint64_t figure)
    {
        options_.push_back(named{name, figure});
        return *this;
    }

private:
    friend class runtime;
    struct named {
        std::string name;
        std::uint64_t figure;
    };

    zvm_config raw_;
    std::vector<named> options_;
};

/// Checked and compiled code. Copies share it.
class code {
public:
    code(const code &other) : handle_(zvm_code_clone(other.handle_)) {}
    code(code &&other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
    code &operator=(code other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~code() { zvm_code_free(handle_); }

    /// What can be said of it; views belong to this object.
    zvm_code_view info() const
    {
        detail::outcome done;
        zvm_code_view info = detail::sized<zvm_code_view>();
        done.check(zvm_code_info(handle_, &info, done.out()));
        return info;
    }
    /// The compiled form, sealed with the runtime's artefact key; belongs to this object.
    view serialize() const
    {
        detail::outcome done;
        zvm_bytes bytes;
        done.check(zvm_code_serialize(handle_, &bytes, done.out()));
        return bytes;
    }

    const zvm_code *raw() const noexcept { return handle_; }

private:
    friend class runtime;
    explicit code(zvm_code *made) noexcept : handle_(made) {}

    zvm_code *handle_;
};

/// Engines, rules and compiled code. Copies share them.
class runtime {
public:
    explicit runtime(const config &from = config()) : handle_(nullptr)
    {
        detail::outcome done;
        std::vector<zvm_option> options;
        for (const config::named &option : from.options_)
            options.push_back(zvm_option{view(option.name), option.figure});
        zvm_config filled = from.raw_;
        filled.options = options.data();
        filled.option_count = options.size();
        done.check(zvm_runtime_new(&filled, &handle_, done.out()));
    }
    runtime(const runtime &other) : handle_(zvm_runtime_clone(other.handle_)) {}
    runtime(runtime &&other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
    runtime &operator=(runtime other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~runtime() { zvm_runtime_free(handle_); }

    /// Checks and compiles code; `engine` is a ZVM_ENGINE number, 0 lets the code decide.
    zvm::code load(view bytes, std::uint32_t engine = 0) const
    {
        detail::outcome done;
        zvm_code_params params = detail::sized<zvm_code_params>();
        zvm_code *made;
        params.code = bytes;
        params.engine = engine;
        done.check(zvm_code_load(handle_, &params, &made, done.out()));
        return zvm::code(made);
    }
    /// Takes back what `code::serialize` gave.
    zvm::code deserialize(view artefact) const
    {
        detail::outcome done;
        zvm_code *made;
        done.check(zvm_code_deserialize(handle_, artefact, &made, done.out()));
        return zvm::code(made);
    }
    /// Equal on two nodes that compute the same.
    word fingerprint() const
    {
        detail::outcome done;
        word hash;
        done.check(zvm_runtime_fingerprint(handle_, &hash, done.out()));
        return hash;
    }
    zvm_stats stats() const
    {
        detail::outcome done;
        zvm_stats filled = detail::sized<zvm_stats>();
        done.check(zvm_runtime_stats(handle_, &filled, done.out()));
        return filled;
    }
    /// Drops compiled code that nobody holds.
    void trim() const
    {
        detail::outcome done;
        done.check(zvm_runtime_trim(handle_, done.out()));
    }

    /// Puts the handlers of contracts' traps back where others were installed over them.
    void ensure_signals() const
    {
        detail::outcome done;
        done.check(zvm_signals_ensure(handle_, done.out()));
    }

    const zvm_runtime *raw() const noexcept { return handle_; }

private:
    zvm_runtime *handle_;
};

/// The embedded ledger, in a file or in memory.
class store {
public:
    /// Opens the file, or makes it.
    explicit store(const std::string &path) : handle_(nullptr)
    {
        detail::outcome done;
        done.check(zvm_store_open(view(path), &handle_, done.out()));
    }
    static store memory()
    {
        detail::outcome done;
        zvm_store *made;
        done.check(zvm_store_memory(&made, done.out()));
        return store(made);
    }
    store(store &&other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
    store &operator=(store &&other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    store(const store &) = delete;
    store &operator=(const store &) = delete;
    ~store() { zvm_store_free(handle_); }

    /// Applies changes of the caller's own as one durable commit.
    void apply(const std::vector<change> &changes) const
    {
        detail::outcome done;
        done.check(zvm_store_apply(handle_, changes.data(), changes.size(), done.out()));
    }

    const zvm_store *raw() const noexcept { return handle_; }

private:
    explicit store(zvm_store *made) noexcept : handle_(made) {}

    zvm_store *handle_;
};

/// The block a session executes in: zvm_block with its size filled in.
inline zvm_block block() noexcept { return detail::sized<zvm_block>(); }

/// One view of the state: many calls, one commit.
class session {
public:
    /// Over a host of one's own; both may be shared with other sessions, if they stand it.
    session(const runtime &with, std::shared_ptr<host> over, std::shared_ptr<hooks> extra = nullptr,
        const zvm_block *in = nullptr, bool read_only = false)
        : handle_(nullptr), bridge_(std::make_shared<detail::bridge>())
    {
        bridge_->ledger = std::move(over);
        bridge_->extra = std::move(extra);
        zvm_session_params params = detail::sized<zvm_session_params>();
        // All memory first: from zvm_session_new on, the contexts are the library's.
        std::unique_ptr<detail::hold> holds[] = {own(), own(), bridge_->extra ? own() : nullptr};
        params.storage = &detail::storage_table();
        params.ledger = &detail::ledger_table();
        params.hooks = bridge_->extra ? &detail::hooks_table() : nullptr;
        params.storage_ctx = holds[0].release();
        params.ledger_ctx = holds[1].release();
        params.hooks_ctx = holds[2].release();
        open(with, params, in, read_only);
    }
    /// Over the embedded ledger as it is now.
    session(const runtime &with, const store &over, const zvm_block *in = nullptr, bool read_only = false)
        : handle_(nullptr), bridge_(std::make_shared<detail::bridge>())
    {
        detail::outcome done;
        zvm_session_params params = detail::sized<zvm_session_params>();
        done.check(zvm_store_attach(over.raw(), &params, done.out()));
        open(with, params, in, read_only);
    }
    session(session &&other) noexcept : handle_(other.handle_), bridge_(std::move(other.bridge_)) { other.handle_ = nullptr; }
    session &operator=(session &&other) noexcept
    {
        std::swap(handle_, other.handle_);
        std::swap(bridge_, other.bridge_);
        return *this;
    }
    session(const session &) = delete;
    session &operator=(const session &) = delete;
    ~session() { zvm_session_free(handle_); }

    result deploy(const zvm::deploy &what) { return run(zvm_session_deploy, what.raw()); }
    result call(const zvm::call &what) { return run(zvm_session_call, what.raw()); }
    /// Calls and drops the changes.
    result query(const zvm::call &what) { return run(zvm_session_query, what.raw()); }

    /// Throws unless a signed transaction may run now: its signature is the key's, its chain the session's, its
    /// nonce the sender's.
    void check_transaction(view bytes)
    {
        detail::outcome done;
        check(done, zvm_session_check(handle_, bytes, done.out()));
    }
    /// Checks a signed transaction and runs it; the sender's nonce grows, however the contract ends.
    result run_transaction(view bytes, const interrupt *token = nullptr)
    {
        zvm_run what = detail::sized<zvm_run>();
        what.transaction = bytes;
        what.interrupt = token ? token->raw() : nullptr;
        return run(zvm_session_run, what);
    }

    /// Reads storage entries ahead.
    void prefetch(const address &whose, const std::vector<view> &keys)
    {
        const std::vector<zvm_bytes> bytes(keys.begin(), keys.end());
        detail::outcome done;
        check(done, zvm_session_prefetch(handle_, &whose, bytes.data(), bytes.size(), done.out()));
    }
    /// Says what calls tell hooks::trace of their course, from now on: ZVM_TRACE flags, 0 for nothing.
    void trace(std::uint32_t flags)
    {
        detail::outcome done;
        check(done, zvm_session_trace(handle_, flags, done.out()));
    }
    /// Sets a savepoint.
    std::uint64_t mark()
    {
        detail::outcome done;
        std::uint64_t made;
        check(done, zvm_session_mark(handle_, &made, done.out()));
        return made;
    }
    /// Takes back everything since a savepoint.
    void rollback(std::uint64_t to)
    {
        detail::outcome done;
        check(done, zvm_session_rollback(handle_, to, done.out()));
    }
    /// The writes since the last commit, in order. They belong to the session until the next call with it.
    list<change> changes()
    {
        detail::outcome done;
        const change *first;
        std::size_t count;
        check(done, zvm_session_changes(handle_, &first, &count, done.out()));
        return list<change>(first, count);
    }
    /// Hands all changes to the host in one callback.
    void commit()
    {
        detail::outcome done;
        check(done, zvm_session_commit(handle_, done.out()));
    }
    /// Drops every change and cached read.
    void reset()
    {
        detail::outcome done;
        check(done, zvm_session_reset(handle_, done.out()));
    }

    zvm_session *raw() const noexcept { return handle_; }

private:
    std::unique_ptr<detail::hold> own() const { return std::unique_ptr<detail::hold>(new detail::hold(bridge_)); }

    void open(const runtime &with, zvm_session_params &params, const zvm_block *in, bool read_only)
    {
        detail::outcome done;
        params.block = in;
        params.flags = read_only ? ZVM_SESSION_READ_ONLY : 0u;
        done.check(zvm_session_new(with.raw(), &params, &handle_, done.out()));
    }

    template <typename Verb, typename Filled> result run(Verb verb, const Filled &filled)
    {
        detail::outcome done;
        result came;
        check(done, verb(handle_, &filled, came.out(), done.out()));
        return came;
    }

    /// Throws for a failure, with what the host threw nested in it.
    void check(const detail::outcome &done, std::int32_t status)
    {
        std::exception_ptr thrown;
        std::swap(thrown, bridge_->thrown);
        if (status != ZVM_E_HOST_UNWOUND || !thrown) {
            done.check(status);
            return;
        }
        try {
            std::rethrow_exception(thrown);
        } catch (...) {
            std::throw_with_nested(done.describe(status));
        }
    }

    zvm_session *handle_;
    std::shared_ptr<detail::bridge> bridge_;
};

/// The address of a contract that `sender` creates with this nonce.
inline address create_address(const address &sender, std::uint64_t nonce)
{
    detail::outcome done;
    address created;
    done.check(zvm_address_create(&sender, nonce, &created, done.out()));
    return created;
}

/// The address of a contract that `sender` creates with this salt.
inline address create2_address(const address &sender, const word &salt, const word &initcode_hash)
{
    detail::outcome done;
    address created;
    done.check(zvm_address_create2(&sender, &salt, &initcode_hash, &created, done.out()));
    return created;
}

} // namespace zvm

#endif
