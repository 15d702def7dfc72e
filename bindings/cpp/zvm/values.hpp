// Values that go in and out: bytes, addresses, words, lists, errors.
#ifndef ZVM_VALUES_HPP
#define ZVM_VALUES_HPP

#include <zvm.h>

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <stdexcept>
#include <string>
#include <vector>

namespace zvm {

/// 20 bytes.
using address = zvm_address;
/// 32 bytes, big-endian.
using word = zvm_word;
/// A public key as x and y, big-endian.
using point = zvm_point;
/// A change that a commit brings, as zvm.h describes it.
using change = zvm_change;
/// An event, as zvm.h describes it.
using event = zvm_log;

/// Orders addresses and words, for maps.
struct less {
    bool operator()(const address &a, const address &b) const noexcept
    {
        return std::memcmp(a.bytes, b.bytes, sizeof a.bytes) < 0;
    }
    bool operator()(const word &a, const word &b) const noexcept
    {
        return std::memcmp(a.bytes, b.bytes, sizeof a.bytes) < 0;
    }
};

/// A list that belongs to somebody else.
template <typename T> class list {
public:
    list() noexcept : first_(nullptr), count_(0) {}
    list(const T *first, std::size_t count) noexcept : first_(first), count_(count) {}

    const T *begin() const noexcept { return first_; }
    const T *end() const noexcept { return first_ + count_; }
    const T &operator[](std::size_t i) const noexcept { return first_[i]; }
    std::size_t size() const noexcept { return count_; }
    bool empty() const noexcept { return count_ == 0; }

private:
    const T *first_;
    std::size_t count_;
};

/// Bytes that belong to somebody else.
class view {
public:
    view() noexcept : raw_{nullptr, 0} {}
    view(const void *first, std::size_t len) noexcept : raw_{static_cast<const std::uint8_t *>(first), len} {}
    view(zvm_bytes raw) noexcept : raw_(raw) {}
    view(const char *text) noexcept : view(text, std::strlen(text)) {}
    view(const std::string &text) noexcept : view(text.data(), text.size()) {}
    view(const std::vector<std::uint8_t> &bytes) noexcept : view(bytes.data(), bytes.size()) {}
    view(const address &of) noexcept : view(of.bytes, sizeof of.bytes) {}
    view(const word &of) noexcept : view(of.bytes, sizeof of.bytes) {}

    operator zvm_bytes() const noexcept { return raw_; }
    const std::uint8_t *data() const noexcept { return raw_.ptr; }
    std::size_t size() const noexcept { return raw_.len; }
    bool empty() const noexcept { return raw_.len == 0; }
    const std::uint8_t *begin() const noexcept { return raw_.ptr; }
    const std::uint8_t *end() const noexcept { return raw_.ptr + raw_.len; }

    std::vector<std::uint8_t> vector() const { return std::vector<std::uint8_t>(begin(), end()); }
    std::string string() const { return std::string(begin(), end()); }

    friend bool operator==(view a, view b) noexcept
    {
        return a.size() == b.size() && (a.empty() || std::memcmp(a.data(), b.data(), a.size()) == 0);
    }
    friend bool operator!=(view a, view b) noexcept { return !(a == b); }

private:
    zvm_bytes raw_;
};

/// A number as a word.
inline word to_word(std::uint64_t number) noexcept
{
    word w{};
    for (int i = 31; number != 0; i--, number >>= 8)
        w.bytes[i] = static_cast<std::uint8_t>(number);
    return w;
}

/// The lowest 64 bits of a big-endian number.
inline std::uint64_t to_number(view big_endian) noexcept
{
    std::uint64_t number = 0;
    for (std::uint8_t byte : big_endian)
        number = number << 8 | byte;
    return number;
}

/// A call into the library that failed, with what the library says of it.
///
/// How a contract ended is never an error: see `result::kind`. Where a host's callback threw, the status is
/// ZVM_E_HOST_UNWOUND, and what it threw is nested: `std::rethrow_if_nested` gives it back.
class error : public std::runtime_error {
public:
    error(std::int32_t number, const std::string &message) : std::runtime_error(message), info_()
    {
        info_.status = number;
    }
    explicit error(const zvm_error_view &info)
        : std::runtime_error(std::string(zvm_status_name(info.status)) + ": " + view(info.message).string()), info_(info)
    {
        info_.message = zvm_bytes{nullptr, 0}; // it ends with the zvm_error
    }

    /// A ZVM_E number.
    std::int32_t status() const noexcept { return info_.status; }
    /// The number of its own that the host's callback gave, else 0.
    std::int32_t host_code() const noexcept { return info_.host_code; }
    /// The contract that was running; zero where none was.
    const address &contract() const noexcept { return info_.contract; }
    std::uint32_t depth() const noexcept { return info_.depth; }

private:
    zvm_error_view info_;
};

namespace detail {

/// Owns the error that a failed call leaves, and turns the status into an exception.
class outcome {
public:
    outcome() noexcept : err_(nullptr) {}
    ~outcome() { zvm_error_free(err_); }
    outcome(const outcome &) = delete;
    outcome &operator=(const outcome &) = delete;

    zvm_error **out() noexcept { return &err_; }

    error describe(std::int32_t status) const
    {
        zvm_error_view info{};
        info.struct_size = sizeof info;
        if (err_ == nullptr || zvm_error_info(err_, &info) != ZVM_OK)
            return error(status, zvm_status_name(status));
        return error(info);
    }

    void check(std::int32_t status) const
    {
        if (status != ZVM_OK)
            throw describe(status);
    }

private:
    zvm_error *err_;
};

/// A zeroed struct of the ABI that knows its size.
template <typename T> T sized() noexcept
{
    T value{};
    value.struct_size = sizeof value;
    return value;
}

} // namespace detail
} // namespace zvm

#endif
