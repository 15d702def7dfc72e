// A host in memory, whose every callback can be told to throw.
#ifndef MEMORY_HPP
#define MEMORY_HPP

#include "zvm.hpp"

#include <functional>
#include <map>

using octets = std::vector<std::uint8_t>;

class memory : public zvm::host {
public:
    using slot = std::pair<octets, octets>; // of account and key

    std::map<octets, zvm::account_state> accounts;
    std::map<octets, octets> codes;
    std::map<slot, octets> entries;
    unsigned commits = 0;
    /// Called in each callback with its name, to throw or not.
    std::function<void(const char *)> mood = [](const char *) {};

    bool get(const zvm::address &whose, zvm::view key, zvm::answer &value) override
    {
        mood("get");
        auto at = entries.find(slot(zvm::view(whose).vector(), key.vector()));
        if (at == entries.end())
            return false;
        value.lend(at->second);
        return true;
    }

    bool account(const zvm::address &whose, zvm::account_state &state) override
    {
        mood("account");
        auto at = accounts.find(zvm::view(whose).vector());
        if (at == accounts.end())
            return false;
        state = at->second;
        return true;
    }

    bool code(const zvm::word &hash, zvm::answer &bytes) override
    {
        mood("code");
        auto at = codes.find(zvm::view(hash).vector());
        if (at == codes.end())
            return false;
        bytes.write(at->second);
        return true;
    }

    zvm::page scan(const zvm::address &whose, const zvm::range &asked) override
    {
        mood("scan");
        zvm::page page;
        const octets account = zvm::view(whose).vector();
        for (auto at = entries.lower_bound(slot(account, asked.start.vector())); at != entries.end(); ++at) {
            if (at->first.first != account || (asked.bounded && !(at->first.second < asked.end.vector())))
                break;
            if (page.keys.size() == asked.limit) {
                page.done = false;
                break;
            }
            page.keys.push_back(at->first.second);
        }
        return page;
    }

    bool block_hash(std::uint64_t number, zvm::word &hash) override
    {
        mood("block_hash");
        hash = zvm::to_word(number * 1000);
        return true;
    }

    void commit(const zvm::batch &all) override
    {
        mood("commit");
        for (const zvm::change &change : all.changes)
            apply(change);
        commits++;
    }

private:
    void apply(const zvm::change &change)
    {
        const octets account = zvm::view(change.account).vector();
        const zvm::view key(change.key), value(change.value);
        switch (change.kind) {
        case ZVM_CHANGE_BALANCE: std::memcpy(accounts[account].balance.bytes, value.data(), 32); break;
        case ZVM_CHANGE_NONCE: accounts[account].nonce = zvm::to_number(value); break;
        case ZVM_CHANGE_CODE:
            std::memcpy(accounts[account].code_hash.bytes, key.data(), 32);
            accounts[account].engine = change.flags;
            codes[key.vector()] = value.vector();
            break;
        case ZVM_CHANGE_SET: entries[slot(account, key.vector())] = value.vector(); break;
        case ZVM_CHANGE_DELETE: entries.erase(slot(account, key.vector())); break;
        default: throw std::logic_error("a change of unknown kind");
        }
    }
};

/// Admits by a score, answers questions, keeps lines.
class extras : public zvm::hooks {
public:
    std::uint32_t score = 50;
    bool refuses = false;
    std::string lines;
    std::function<void(const char *)> mood = [](const char *) {};
    /// What a question is answered with; the default is the question.
    std::function<bool(const zvm::frame &, zvm::view, zvm::answer &)> oracle =
        [](const zvm::frame &, zvm::view request, zvm::answer &bytes) {
            bytes.write(request);
            return true;
        };

    bool admit(const zvm::candidate &asked, std::uint32_t &said) override
    {
        mood("admit");
        said = asked.code.empty() ? 0 : score;
        return !refuses;
    }
    bool query(const zvm::frame &running, std::uint32_t, zvm::view request, zvm::answer &bytes) override
    {
        mood("query");
        return oracle(running, request, bytes);
    }
    void log(std::uint32_t, zvm::view, zvm::view message) override
    {
        lines += message.string() + "\n";
        mood("log");
    }
    void trace(zvm::view told) override
    {
        lines += told.string();
        mood("trace");
    }
};

#endif
