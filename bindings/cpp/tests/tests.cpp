// The wrapper: its scenario of a bank, its errors, and what happens to exceptions.
#include "memory.hpp"
#include "tap.h"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <thread>

static octets file(const char *path)
{
    std::ifstream in(path, std::ios::binary);
    return octets(std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>());
}

static octets probe, token, counter;
static const zvm::address alice = {{'a', 'l', 'i', 'c', 'e'}}, bob = {{'b', 'o', 'b'}};

static zvm::result call(zvm::session &session, const zvm::address &to, const char *entry, zvm::view input)
{
    zvm::call call;
    call.caller = alice;
    call.target = to;
    call.entry = entry;
    call.input = input;
    call.gas_limit = 50000000;
    return session.call(call);
}

static zvm::address deploy(zvm::session &session, const octets &code, zvm::view input = zvm::view())
{
    zvm::deploy deploy;
    deploy.caller = alice;
    deploy.code = code;
    deploy.input = input;
    deploy.gas_limit = 50000000;
    zvm::result result = session.deploy(deploy);
    CHECK(result.succeeded() && result.has_created());
    return result.created();
}

/// The status of what the work throws; OK where it throws nothing.
template <typename Work> static std::int32_t status_of(Work work)
{
    try {
        work();
        return ZVM_OK;
    } catch (const zvm::error &error) {
        return error.status();
    }
}

static octets joined(zvm::view a, zvm::view b)
{
    octets both = a.vector();
    both.insert(both.end(), b.begin(), b.end());
    return both;
}

static std::uint64_t balance(zvm::session &session, const zvm::address &at, const zvm::address &whose)
{
    zvm::result result = call(session, at, "balance_of", whose);
    CHECK(result.succeeded());
    return zvm::to_number(result.data());
}

static void a_bank(void)
{
    zvm::runtime runtime;
    auto books = std::make_shared<memory>();
    zvm::session session(runtime, books);
    const zvm::word supply = zvm::to_word(1000);
    const zvm::address at = deploy(session, token, supply);

    CHECK(zvm::view(at) == zvm::view(zvm::create_address(alice, 0)));
    zvm::result moved = call(session, at, "transfer", joined(bob, zvm::to_word(300)));
    CHECK(moved.succeeded());
    if (CHECK_IS(moved.events().size(), 1))
        CHECK_IS(zvm::to_number(moved.events()[0].data), 300);
    const std::size_t before = session.changes().size();
    zvm::result refused = call(session, at, "transfer", joined(bob, zvm::to_word(701)));
    CHECK_IS(refused.kind(), ZVM_KIND_REVERT);
    CHECK(refused.data().string() == "insufficient balance");
    CHECK_IS(session.changes().size(), before);
    CHECK_IS(balance(session, at, alice), 700);
    CHECK_IS(balance(session, at, bob), 300);

    CHECK(books->commits == 0 && books->entries.empty());
    session.commit();
    CHECK_IS(books->commits, 1);
    CHECK(session.changes().empty());
    zvm::session second(runtime, books);
    CHECK_IS(balance(second, at, alice), 700);
    CHECK_IS(balance(second, at, bob), 300);
}

static void a_failed_call_throws_and_a_failed_contract_does_not(void)
{
    zvm::runtime runtime;
    auto books = std::make_shared<memory>();
    zvm::session session(runtime, books);
    const zvm::address at = deploy(session, probe);

    CHECK_IS(call(session, at, "trap", zvm::view()).halt(), ZVM_HALT_UNREACHABLE);
    CHECK_IS(call(session, bob, "call", zvm::view()).kind(), ZVM_KIND_NO_CODE);
    CHECK_IS(status_of([&] { session.rollback(12345); }), ZVM_E_ARGUMENT);
    CHECK_IS(status_of([&] { runtime.load("\xef" "no code"); }), ZVM_E_CODE_FORMAT);
    CHECK_IS(status_of([&] { runtime.deserialize("no artefact"); }), ZVM_E_ARTEFACT);
    CHECK_IS(status_of([&] { zvm::runtime odd(zvm::config().option("limit.nonsense", 1)); }), ZVM_E_ARGUMENT);
    CHECK_IS(status_of([&] { zvm::store none("/no/such/folder/ledger"); }), ZVM_E_HOST);
    try {
        runtime.load("no code");
    } catch (const std::exception &error) {
        CHECK(std::strstr(error.what(), "CODE_FORMAT: ") == error.what());
    }
}

struct own_exception {
    int number;
};

// How each callback is reached.
static void reach(zvm::session &session, const zvm::address &at, const std::string &which)
{
    const char *entry = which == "get" ? "read" : which == "scan" ? "next" : which == "block_hash" ? "block_hash" :
        which == "query" ? "ask" : which == "log" ? "debug" : "call";
    if (which == "admit") {
        deploy(session, probe);
    } else if (which == "commit") {
        call(session, at, "write", "entry");
        session.commit();
    } else {
        call(session, at, entry, "a key");
    }
}

static void n082_what_a_host_throws_is_nested_in_the_error(void)
{
    static const char *const all[] = {"get", "account", "code", "scan", "block_hash", "commit", "admit", "query"};
    zvm::runtime runtime(zvm::config().admission(ZVM_ADMISSION_ADVISORY));

    for (const char *which : all)
        for (int own = 0; own < 2; own++) {
            auto books = std::make_shared<memory>();
            auto more = std::make_shared<extras>();
            zvm::address at;
            {
                zvm::session session(runtime, books, more);
                at = deploy(session, probe);
                session.commit();
            }
            zvm::session session(runtime, books, more);
            auto mood = [&](const char *here) {
                if (std::string(which) == here) {
                    if (own)
                        throw own_exception{77};
                    throw std::runtime_error("the disk is full");
                }
            };
            CASE("%s %d", which, own);
            runtime.trim();
            books->mood = more->mood = mood;
            bool caught = false;
            try {
                reach(session, at, which);
            } catch (const zvm::error &error) {
                CHECK_IS(error.status(), ZVM_E_HOST_UNWOUND);
                CHECK(own || std::strstr(error.what(), "the disk is full") != nullptr);
                try {
                    std::rethrow_if_nested(error);
                } catch (const own_exception &mine) {
                    caught = own && mine.number == 77;
                } catch (const std::runtime_error &mine) {
                    caught = !own && std::strcmp(mine.what(), "the disk is full") == 0;
                }
            }
            CHECK(caught);
            books->mood = more->mood = [](const char *) {};
            reach(session, at, which); // and the session works on
        }
}

static void n082_what_log_throws_is_lost(void)
{
    zvm::runtime runtime;
    auto more = std::make_shared<extras>();
    zvm::session session(runtime, std::make_shared<memory>(), more);
    const zvm::address at = deploy(session, probe);

    more->mood = [](const char *) { throw 1; };
    CHECK(call(session, at, "debug", "a line").succeeded());
    CHECK(more->lines == "a line\n");
}

static void a_trace_tells_of_calls_until_it_is_ended(void)
{
    zvm::runtime runtime;
    auto more = std::make_shared<extras>();
    zvm::session session(runtime, std::make_shared<memory>(), more);
    const zvm::address at = deploy(session, probe);

    session.trace(ZVM_TRACE_CALLS | ZVM_TRACE_STEPS);
    more->mood = [](const char *) { throw 1; }; // is lost too
    CHECK(call(session, at, "call", zvm::view()).succeeded());
    CHECK(more->lines.find("{\"enter\":\"call\",\"depth\":1,") == 0);
    CHECK(more->lines.find("\n{\"leave\":\"SUCCESS\",\"depth\":1,\"engine\":\"wasm\",") != std::string::npos);
    CHECK(more->lines.find(",\"pass\":true}\n") != std::string::npos);
    session.trace(0);
    more->lines.clear();
    CHECK(call(session, at, "call", zvm::view()).succeeded());
    CHECK(more->lines.empty());
    CHECK_IS(status_of([&] { session.trace(4); }), ZVM_E_FLAGS);
}

static void a_host_without_scan_says_so(void)
{
    struct plain : memory {
        zvm::page scan(const zvm::address &whose, const zvm::range &asked) override { return host::scan(whose, asked); }
    };
    zvm::runtime runtime;
    zvm::session session(runtime, std::make_shared<plain>());
    const zvm::address at = deploy(session, probe);

    CHECK_IS(status_of([&] { call(session, at, "next", "k"); }), ZVM_E_HOST_UNWOUND);
}

static void pages_of_keys(void)
{
    zvm::runtime runtime;
    auto books = std::make_shared<memory>();
    zvm::session session(runtime, books);
    const zvm::address at = deploy(session, probe);

    for (int i = 0; i < 200; i++)
        books->entries[memory::slot(zvm::view(at).vector(), octets{'k', static_cast<std::uint8_t>(i)})] = octets{1};
    octets key{'k'};
    unsigned count = 0;
    for (;; count++) {
        zvm::result next = call(session, at, "next", key);
        if (!CHECK(next.succeeded()) || next.data().size() == 4)
            break;
        key.assign(next.data().begin() + 4, next.data().end());
        CHECK_IS(key[1], count);
    }
    CHECK_IS(count, 200);
}

static void a_query_may_call_contracts(void)
{
    zvm::runtime runtime;
    auto more = std::make_shared<extras>();
    zvm::session session(runtime, std::make_shared<memory>(), more);
    const zvm::address at = deploy(session, probe);

    more->oracle = [&](const zvm::frame &running, zvm::view request, zvm::answer &bytes) {
        zvm::call inner;
        inner.target = at;
        inner.entry = "echo";
        inner.input = request;
        inner.gas_limit = 1000000;
        bytes.charge(1234);
        bytes.write(running.call(inner).data());
        return true;
    };
    zvm::result answered = call(session, at, "ask", "a question");
    CHECK(answered.data().string().substr(4) == "a question");
    more->oracle = [](const zvm::frame &, zvm::view, zvm::answer &) { return false; };
    CHECK_IS(call(session, at, "ask", "a question").data().size(), 4);
}

static void admission(void)
{
    zvm::runtime runtime(zvm::config().admission(ZVM_ADMISSION_REQUIRED, 40));
    auto more = std::make_shared<extras>();
    zvm::session session(runtime, std::make_shared<memory>(), more);
    zvm::deploy wanted;

    wanted.caller = alice;
    wanted.code = probe;
    wanted.gas_limit = 50000000;
    CHECK_IS(session.deploy(wanted).score(), 50);
    more->score = 39;
    CHECK_IS(status_of([&] { session.deploy(wanted); }), ZVM_E_CODE_REFUSED);
    more->score = 50;
    more->refuses = true;
    CHECK_IS(status_of([&] { session.deploy(wanted); }), ZVM_E_CODE_REFUSED);
}

static void hosts_are_let_go_once(void)
{
    zvm::runtime runtime;
    auto books = std::make_shared<memory>();
    auto more = std::make_shared<extras>();
    {
        zvm::session session(runtime, books, more);
        zvm::session moved(std::move(session));
        deploy(moved, probe);
        CHECK(books.use_count() > 1);
    }
    CHECK_IS(books.use_count(), 1);
    CHECK_IS(more.use_count(), 1);
    zvm_block odd = zvm::block();
    odd.flags = 64;
    CHECK_IS(status_of([&] { zvm::session none(runtime, books, more, &odd); }), ZVM_E_FLAGS);
    CHECK_IS(books.use_count(), 1);
    CHECK_IS(more.use_count(), 1);
}

static void values_move_and_copy(void)
{
    zvm::runtime runtime(zvm::config().artefact_key(zvm::to_word(99)).cache_bytes(1 << 20)), copy(runtime);
    CHECK(zvm::view(runtime.fingerprint()) == zvm::view(copy.fingerprint()));
    zvm::code code = runtime.load(probe), same(code), again = copy.deserialize(code.serialize());
    CHECK_IS(again.info().entry_count, same.info().entry_count);
    code = again;
    CHECK(zvm::view(code.info().code) == zvm::view(probe));
    zvm::session session(runtime, std::make_shared<memory>());
    const zvm::address at = deploy(session, probe);
    zvm::result first = call(session, at, "echo", "first"), second = call(session, at, "echo", "second");
    zvm::result moved(std::move(first));
    CHECK(moved.data().string() == "first" && first.data().empty());
    moved = std::move(second);
    CHECK(moved.data().string() == "second");
    CHECK(runtime.stats().calls >= 2);
    runtime.trim();
}

static void compilers(void)
{
    const bool both = zvm_feature(ZVM_FEATURE_SINGLEPASS) != 0 && zvm_feature(ZVM_FEATURE_CRANELIFT) != 0;
    zvm::config all[] = {zvm::config(), zvm::config().compiler(ZVM_COMPILER_CRANELIFT), zvm::config().tiered(1, 1)};

    for (std::size_t i = 0; i < (both ? 3 : 1); i++) {
        zvm::runtime runtime(all[i]);
        zvm::session session(runtime, std::make_shared<memory>());
        const zvm::address at = deploy(session, probe);
        CHECK(call(session, at, "echo", "same").data().string() == "same");
        CHECK_IS(runtime.stats().compilations, 1);
        runtime.ensure_signals();
    }
    CHECK_IS(status_of([] { zvm::runtime none(zvm::config().compiler(4)); }), ZVM_E_ARGUMENT);
    CHECK_IS(status_of([] { zvm::runtime none(zvm::config().signals(2)); }), ZVM_E_ARGUMENT);
}

static void marks_and_prefetch(void)
{
    zvm::runtime runtime;
    auto books = std::make_shared<memory>();
    zvm::session session(runtime, books);
    const zvm::address at = deploy(session, probe);
    const std::uint64_t mark = session.mark();
    const std::size_t before = session.changes().size();

    call(session, at, "write", "something");
    CHECK_IS(session.changes().size(), before + 1);
    session.rollback(mark);
    CHECK_IS(session.changes().size(), before);
    session.prefetch(at, {zvm::view("a"), zvm::view("b")});
    session.prefetch(at, {});
    session.reset();
    CHECK(session.changes().empty());
}

static void a_token_stops_an_endless_loop(void)
{
    zvm::runtime runtime;
    zvm::session session(runtime, std::make_shared<memory>());
    zvm::interrupt stop, copy(stop);
    zvm::call endless;

    endless.target = deploy(session, probe);
    endless.entry = "spin";
    endless.gas_limit = 1000000000000000;
    endless.interrupt = &stop;
    std::thread other([copy] {
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
        copy.fire();
    });
    CHECK_IS(status_of([&] { session.call(endless); }), ZVM_E_CANCELLED);
    other.join();
    stop.reset();
    endless.time_limit = std::chrono::milliseconds(20);
    CHECK_IS(status_of([&] { session.call(endless); }), ZVM_E_DEADLINE);
}

static void the_embedded_ledger(void)
{
    const std::string path = "build/tests/cpp/ledger.zvm";
    zvm::runtime runtime;
    zvm::address at{};

    std::remove(path.c_str());
    for (std::uint64_t run = 1; run <= 3; run++) {
        zvm::store store(path);
        CHECK_IS(status_of([&] { zvm::store second(path); }), ZVM_E_STATE);
        zvm::session session(runtime, store);
        if (run == 1)
            at = deploy(session, counter);
        zvm::result result = call(session, at, "call", zvm::view());
        CHECK_IS(zvm::to_number(result.data()), run);
        session.commit();
    }
    zvm::store memory = zvm::store::memory();
    zvm_change rich{};
    const zvm::word amount = zvm::to_word(5);
    rich.kind = ZVM_CHANGE_BALANCE;
    rich.account = alice;
    rich.value = zvm::view(amount);
    memory.apply({rich});
    zvm::session session(runtime, memory);
    at = deploy(session, probe);
    CHECK_IS(zvm::to_number(zvm::view(call(session, at, "balance", alice).data().data() + 4, 32)), 5);
    std::remove(path.c_str());
}

static std::vector<std::uint8_t> unhex(const std::string &text)
{
    std::vector<std::uint8_t> bytes;
    for (std::size_t i = 0; i < text.size(); i += 2)
        bytes.push_back(static_cast<std::uint8_t>(std::stoul(text.substr(i, 2), nullptr, 16)));
    return bytes;
}

static void hashes_and_signatures(void)
{
    // RFC 8032, 7.1, test 2.
    const auto key = unhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
    const auto signature = unhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
                                 "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    const zvm::view no_key(key.data(), key.size() - 1);
    CHECK_IS(zvm::verify(ZVM_ALGORITHM_ED25519, "\x72", signature, key), ZVM_VERDICT_VALID);
    CHECK_IS(zvm::verify(ZVM_ALGORITHM_ED25519, "\x73", signature, key), ZVM_VERDICT_INVALID);
    CHECK_IS(zvm::verify(ZVM_ALGORITHM_ED25519, "\x72", signature, no_key), ZVM_VERDICT_NO_KEY);
    CHECK_IS(zvm::verify_threshold(ZVM_ALGORITHM_ED25519, 1, "\x72", signature, key), ZVM_VERDICT_VALID);
    CHECK_IS(zvm::verify_threshold(ZVM_ALGORITHM_ED25519, 2, "\x72", signature, key), ZVM_VERDICT_INVALID);
    const std::vector<std::uint8_t> zeros(96);
    CHECK_IS(zvm::verify_aggregate(zvm::view(), zeros, zvm::view()), ZVM_VERDICT_INVALID);
    CHECK_IS(zvm::verify_same_message(zvm::word{}, zeros, zvm::view(zeros.data(), 48)), ZVM_VERDICT_NO_KEY);

    const zvm::word empty = zvm::hash(ZVM_HASH_KECCAK256, zvm::view());
    CHECK(zvm::view(empty) == zvm::view(unhex("c5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470")));
    const auto digest = unhex("456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3");
    const auto compact = unhex("9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac8038825608"
                               "4f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada1c");
    zvm::word hash;
    std::memcpy(hash.bytes, digest.data(), sizeof hash.bytes);
    const zvm::recovered signer = zvm::recover(hash, compact);
    CHECK(signer.found);
    CHECK(zvm::view(signer.address) == zvm::view(unhex("7156526fbd7a3c72969b54f64e42c10fbb768c8a")));
    std::vector<std::uint8_t> encoded(1, 4);
    encoded.insert(encoded.end(), signer.key.bytes, signer.key.bytes + sizeof signer.key.bytes);
    CHECK(zvm::view(zvm::key_address(ZVM_ALGORITHM_SECP256K1, encoded)) == zvm::view(signer.address));
    CHECK(!zvm::recover(hash, signature).found);
}

static void a_transaction_is_read_and_refused(void)
{
    // A call as docs/transactions.md has it, with a key and without a signature.
    const std::string word = "5820" + std::string(62, '0');
    const std::string key = "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c";
    std::string target;
    for (int i = 0; i < 20; i++)
        target += "07";
    auto bytes = unhex("84a800" + word + "090101021a05f5e10003" + word + "0304" + word + "0505400654" + target +
                       "0760015820" + key + "4103");
    const zvm::transaction read = zvm::decode_transaction(bytes);
    CHECK_IS(read.kind, ZVM_TRANSACTION_CALL);
    CHECK_IS(read.nonce, 1);
    CHECK(zvm::view(read.sender) == zvm::view(zvm::key_address(ZVM_ALGORITHM_ED25519, unhex(key))));
    CHECK(zvm::view(read.hash) == zvm::view(zvm::hash(ZVM_HASH_KECCAK256, bytes)));
    zvm::runtime runtime;
    zvm::store memory = zvm::store::memory();
    zvm::session session(runtime, memory);
    CHECK_IS(status_of([&] { session.check_transaction(bytes); }), ZVM_E_SIGNATURE);
    CHECK_IS(status_of([&] { session.run_transaction(bytes); }), ZVM_E_SIGNATURE);
    bytes.push_back(0);
    CHECK_IS(status_of([&] { zvm::decode_transaction(bytes); }), ZVM_E_TRANSACTION_FORMAT);
}

static void begin()
{
    probe = file("build/contracts/test/probe.wasm");
    token = file("build/contracts/c/token.wasm");
    counter = file("build/contracts/c/counter.wasm");
}

static void end() {}

TAP_MAIN(begin, end,
    TEST(a_bank),
    TEST(a_failed_call_throws_and_a_failed_contract_does_not),
    TEST(n082_what_a_host_throws_is_nested_in_the_error),
    TEST(n082_what_log_throws_is_lost),
    TEST(a_trace_tells_of_calls_until_it_is_ended),
    TEST(a_host_without_scan_says_so),
    TEST(pages_of_keys),
    TEST(a_query_may_call_contracts),
    TEST(admission),
    TEST(hosts_are_let_go_once),
    TEST(values_move_and_copy),
    TEST(compilers),
    TEST(marks_and_prefetch),
    TEST(hashes_and_signatures),
    TEST(a_transaction_is_read_and_refused),
    TEST(a_token_stops_an_endless_loop),
    TEST(the_embedded_ledger))
