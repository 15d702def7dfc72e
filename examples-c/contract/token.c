/*
 * A fungible token.
 *
 *   init            supply32                  the caller owns the whole supply
 *   transfer        to20 amount32             from the caller
 *   balance_of      account20                 output: amount32
 *   total_supply                              output: amount32
 *   approve         spender20 amount32        lets a spender use the caller's tokens, replacing what it might before
 *   allowance       owner20 spender20         output: amount32
 *   transfer_from   from20 to20 amount32      out of what `from` has approved for the caller
 *   call            number1, then as above    1 transfer, 2 balance_of, .. 6 transfer_from, for calls by contracts
 *
 * Inputs are exactly these bytes one after the other; amounts are big-endian.
 *
 * Storage: "supply"; 'b' account20, a balance; 'a' owner20 spender20, an allowance. All are amounts of 32 bytes,
 * and a balance or allowance of zero is an absent key.
 *
 * Events, as ERC-20 has them: Transfer(from, to, amount) and Approval(owner, spender, amount), with the signature's
 * hash and the two addresses as topics and the amount as data. The supply comes from the zero address.
 *
 * Reverts with "bad input", "already initialised", "insufficient balance", "insufficient allowance" or "overflow".
 */
#include "zvm_contract.h"

ZVM_CONTRACT_ABI("token.json");

#define TEXT(literal) literal, sizeof(literal) - 1

typedef struct { uint8_t bytes[20]; } address;
typedef struct { uint8_t bytes[32]; } amount; /* big-endian */

typedef struct { uint8_t kind; address account; } balance_key;
typedef struct { uint8_t kind; address owner, spender; } allowance_key;

/* keccak256("Transfer(address,address,uint256)") */
static const amount transfer_topic = {{
    0xdd, 0xf2, 0x52, 0xad, 0x1b, 0xe2, 0xc8, 0x9b, 0x69, 0xc2, 0xb0, 0x68, 0xfc, 0x37, 0x8d, 0xaa,
    0x95, 0x2b, 0xa7, 0xf1, 0x63, 0xc4, 0xa1, 0x16, 0x28, 0xf5, 0x5a, 0x4d, 0xf5, 0x23, 0xb3, 0xef}};

/* keccak256("Approval(address,address,uint256)") */
static const amount approval_topic = {{
    0x8c, 0x5b, 0xe1, 0xe5, 0xeb, 0xec, 0x7d, 0x5b, 0xd1, 0x4f, 0x71, 0x42, 0x7d, 0x1e, 0x84, 0xf3,
    0xdd, 0x03, 0x14, 0xc0, 0xf7, 0xb2, 0x29, 0x1e, 0x5b, 0x20, 0x0a, 0xc8, 0xc7, 0xc3, 0xb9, 0x25}};

/* Adds `term` to `sum`; nonzero where the result does not fit in 256 bits. */
static unsigned add(amount *sum, const amount *term)
{
    unsigned carry = 0;

    for (int i = 31; i >= 0; i--) {
        carry += sum->bytes[i] + term->bytes[i];
        sum->bytes[i] = (uint8_t)carry;
        carry >>= 8;
    }
    return carry;
}

/* Subtracts `term` from `rest`; nonzero where `term` is the larger. */
static unsigned subtract(amount *rest, const amount *term)
{
    unsigned borrow = 0;

    for (int i = 31; i >= 0; i--) {
        unsigned digit = 256u + rest->bytes[i] - term->bytes[i] - borrow;
        rest->bytes[i] = (uint8_t)digit;
        borrow = digit < 256;
    }
    return borrow;
}

static int is_zero(const amount *value)
{
    uint8_t any = 0;

    for (int i = 0; i < 32; i++)
        any |= value->bytes[i];
    return any == 0;
}

/* The amount under a key, zero where there is none. */
static amount load(const void *key, uint32_t key_len)
{
    amount value = {{0}};

    zvm_storage_read(key, key_len, &value, sizeof value);
    return value;
}

static void store(const void *key, uint32_t key_len, const amount *value)
{
    if (is_zero(value))
        zvm_storage_delete(key, key_len);
    else
        zvm_storage_write(key, key_len, value, sizeof *value);
}

static void emit(const amount *signature, const address *first, const address *second, const amount *value)
{
    struct { amount signature; uint8_t pad1[12]; address first; uint8_t pad2[12]; address second; } topics = {
        *signature, {0}, *first, {0}, *second};

    zvm_emit(&topics, 3, value, sizeof *value);
}

/* Copies the arguments, which are the input from offset `at` to its end. */
static void arguments(uint32_t at, void *out, uint32_t len)
{
    if (zvm_input_size() != at + len)
        zvm_revert(TEXT("bad input"));
    zvm_input_copy(out, at, len);
}

static void credit(const address *to, const amount *value)
{
    balance_key key = {'b', *to};
    amount balance = load(&key, sizeof key);

    if (add(&balance, value))
        zvm_revert(TEXT("overflow"));
    store(&key, sizeof key, &balance);
}

static void debit(const address *from, const amount *value)
{
    balance_key key = {'b', *from};
    amount balance = load(&key, sizeof key);

    if (subtract(&balance, value))
        zvm_revert(TEXT("insufficient balance"));
    store(&key, sizeof key, &balance);
}

static void spend_allowance(const address *owner, const address *spender, const amount *value)
{
    allowance_key key = {'a', *owner, *spender};
    amount left = load(&key, sizeof key);

    if (subtract(&left, value))
        zvm_revert(TEXT("insufficient allowance"));
    store(&key, sizeof key, &left);
}

static void move(const address *from, const address *to, const amount *value)
{
    debit(from, value);
    credit(to, value);
    emit(&transfer_topic, from, to, value);
}

/* The functions, each with its arguments at offset `at` of the input: 0 for an entry, 1 behind the number of `call`. */

static void do_transfer(uint32_t at)
{
    struct { address to; amount value; } args;
    address caller;

    arguments(at, &args, sizeof args);
    zvm_caller(&caller);
    move(&caller, &args.to, &args.value);
}

static void do_balance_of(uint32_t at)
{
    balance_key key = {.kind = 'b'};

    arguments(at, &key.account, sizeof key.account);
    amount balance = load(&key, sizeof key);
    zvm_set_output(&balance, sizeof balance);
}

static void do_total_supply(uint32_t at)
{
    arguments(at, 0, 0);
    amount supply = load(TEXT("supply"));
    zvm_set_output(&supply, sizeof supply);
}

static void do_approve(uint32_t at)
{
    struct { address spender; amount value; } args;
    allowance_key key = {.kind = 'a'};

    arguments(at, &args, sizeof args);
    zvm_caller(&key.owner);
    key.spender = args.spender;
    store(&key, sizeof key, &args.value);
    emit(&approval_topic, &key.owner, &key.spender, &args.value);
}

static void do_allowance(uint32_t at)
{
    struct { address owner, spender; } args;

    arguments(at, &args, sizeof args);
    allowance_key key = {'a', args.owner, args.spender};
    amount left = load(&key, sizeof key);
    zvm_set_output(&left, sizeof left);
}

static void do_transfer_from(uint32_t at)
{
    struct { address from, to; amount value; } args;
    address caller;

    arguments(at, &args, sizeof args);
    zvm_caller(&caller);
    spend_allowance(&args.from, &caller, &args.value);
    move(&args.from, &args.to, &args.value);
}

ZVM_ENTRY(init) void init(void)
{
    static const address nobody;
    address owner;
    amount supply;

    if (zvm_storage_read(TEXT("supply"), &supply, sizeof supply) >= 0)
        zvm_revert(TEXT("already initialised"));
    arguments(0, &supply, sizeof supply);
    zvm_storage_write(TEXT("supply"), &supply, sizeof supply);
    zvm_caller(&owner);
    credit(&owner, &supply);
    emit(&transfer_topic, &nobody, &owner, &supply);
}

ZVM_ENTRY(transfer) void transfer(void) { do_transfer(0); }
ZVM_ENTRY(balance_of) void balance_of(void) { do_balance_of(0); }
ZVM_ENTRY(total_supply) void total_supply(void) { do_total_supply(0); }
ZVM_ENTRY(approve) void approve(void) { do_approve(0); }
ZVM_ENTRY(allowance) void allowance(void) { do_allowance(0); }
ZVM_ENTRY(transfer_from) void transfer_from(void) { do_transfer_from(0); }

ZVM_ENTRY(call) void call(void)
{
    uint8_t number = 0;

    if (zvm_input_size() > 0)
        zvm_input_copy(&number, 0, 1);
    switch (number) {
    case 1: do_transfer(1); break;
    case 2: do_balance_of(1); break;
    case 3: do_total_supply(1); break;
    case 4: do_approve(1); break;
    case 5: do_allowance(1); break;
    case 6: do_transfer_from(1); break;
    default: zvm_revert(TEXT("bad input"));
    }
}
