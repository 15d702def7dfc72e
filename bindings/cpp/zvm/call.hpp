// Calls and deploys, and what comes of them.
#ifndef ZVM_CALL_HPP
#define ZVM_CALL_HPP

#include "values.hpp"

#include <chrono>
#include <utility>

namespace zvm {

/// A cancel token. Copies are handles to the same token; any thread may fire it.
class interrupt {
public:
    interrupt() : handle_(nullptr)
    {
        detail::outcome done;
        done.check(zvm_interrupt_new(&handle_, done.out()));
    }
    interrupt(const interrupt &other) : handle_(zvm_interrupt_clone(other.handle_)) {}
    interrupt(interrupt &&other) noexcept : handle_(other.handle_) { other.handle_ = nullptr; }
    interrupt &operator=(interrupt other) noexcept
    {
        std::swap(handle_, other.handle_);
        return *this;
    }
    ~interrupt() { zvm_interrupt_free(handle_); }

    /// Stops every call that carries the token, now and until it is reset. Safe in a signal handler.
    void fire() const noexcept { zvm_interrupt_fire(handle_); }
    void reset() const noexcept { zvm_interrupt_reset(handle_); }

    const zvm_interrupt *raw() const noexcept { return handle_; }

private:
    zvm_interrupt *handle_;
};

namespace detail {

/// What calls and deploys have in common.
struct terms {
    address caller{};
    /// Who began the transaction; zero is the caller.
    address origin{};
    word value{};
    word gas_price{};
    view input;
    std::uint64_t gas_limit = 0;
    /// Zero is no limit.
    std::chrono::nanoseconds time_limit{0};
    /// Borrowed; null is none.
    const zvm::interrupt *interrupt = nullptr;

protected:
    template <typename T> T fill() const noexcept
    {
        T raw = sized<T>();
        raw.caller = caller;
        raw.origin = origin;
        raw.value = value;
        raw.gas_price = gas_price;
        raw.input = input;
        raw.gas_limit = gas_limit;
        raw.time_limit_ns = static_cast<std::uint64_t>(time_limit.count());
        raw.interrupt = interrupt ? interrupt->raw() : nullptr;
        return raw;
    }
};

} // namespace detail

/// A call of a contract. Its views are borrowed until the call returns.
struct call : detail::terms {
    address target{};
    /// The exported entry; empty is `call`.
    view entry;
    /// Nothing below this call may write.
    bool is_static = false;

    zvm_call raw() const noexcept
    {
        zvm_call raw = fill<zvm_call>();
        raw.flags = is_static ? ZVM_CALL_STATIC : 0u;
        raw.target = target;
        raw.entry = entry;
        return raw;
    }
};

/// A contract to be deployed. Its views are borrowed until the call returns.
struct deploy : detail::terms {
    view code;
    /// A ZVM_ENGINE number; 0 lets the code decide.
    std::uint32_t engine = 0;
    /// For an address by CREATE2; null is CREATE. Borrowed.
    const word *salt = nullptr;

    zvm_deploy raw() const noexcept
    {
        zvm_deploy raw = fill<zvm_deploy>();
        raw.code = code;
        raw.engine = engine;
        if (salt) {
            raw.flags = ZVM_DEPLOY_SALT;
            raw.salt = *salt;
        }
        return raw;
    }
};

/// What came of a call. Views into it end with it.
class result {
public:
    result() noexcept : raw_(detail::sized<zvm_result>()) {}
    result(result &&other) noexcept : raw_(other.raw_) { other.raw_ = detail::sized<zvm_result>(); }
    result &operator=(result &&other) noexcept
    {
        std::swap(raw_, other.raw_);
        return *this;
    }
    result(const result &) = delete;
    result &operator=(const result &) = delete;
    ~result() { zvm_result_clear(&raw_); }

    /// A ZVM_KIND number.
    std::uint32_t kind() const noexcept { return raw_.kind; }
    bool succeeded() const noexcept { return raw_.kind == ZVM_KIND_SUCCESS; }
    /// A ZVM_HALT number where the rules stopped the contract, else 0.
    std::uint32_t halt() const noexcept { return raw_.halt; }
    std::uint64_t gas_used() const noexcept { return raw_.gas_used; }
    std::uint64_t gas_left() const noexcept { return raw_.gas_left; }
    std::uint64_t gas_refund() const noexcept { return raw_.gas_refund; }
    /// Output or revert data.
    view data() const noexcept { return raw_.data; }
    list<event> events() const noexcept { return list<event>(raw_.logs, raw_.log_count); }
    bool has_created() const noexcept { return raw_.has_created != 0; }
    /// Where the new contract lives, if there is one.
    const address &created() const noexcept { return raw_.created; }
    /// The score of the last admission.
    std::uint32_t score() const noexcept { return raw_.score; }

    const zvm_result &raw() const noexcept { return raw_; }
    /// To be filled in by the library; frees what it held.
    zvm_result *out() noexcept
    {
        zvm_result_clear(&raw_);
        return &raw_;
    }

private:
    zvm_result raw_;
};

} // namespace zvm

#endif
