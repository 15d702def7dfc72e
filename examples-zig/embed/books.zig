//! The examples' own storage and ledger: everything in memory, entries in order of account and key.
//!
//! Its methods are what `zvm.Host` lists. A commit is applied to a copy, which then takes the place of what
//! was: whole or not at all. A program with a database would use a transaction.

const std = @import("std");
const zvm = @import("zvm");

const Allocator = std.mem.Allocator;

pub const Books = struct {
    /// Frees nothing by itself: give it an arena.
    arena: Allocator,
    state: State = .{},
    commits: usize = 0,

    pub fn get(self: *Books, asked: zvm.op.Get) ?[]const u8 {
        const entry = self.state.find(asked.account, asked.key) orelse return null;
        return entry.value;
    }

    pub fn scan(self: *Books, page: *zvm.op.Scan) !zvm.op.Scan.End {
        const rows = self.state.range(page.account(), page.start(), page.end());
        for (0..rows.len) |index| {
            const row = rows[if (page.reverse()) rows.len - 1 - index else index];
            if (!try page.add(row.key, row.value)) return .more;
        }
        return .done;
    }

    pub fn account(self: *Books, asked: zvm.op.Account) ?zvm.op.Account.Answer {
        return self.state.accounts.get(asked.address);
    }

    pub fn code(self: *Books, asked: zvm.op.Code) ?[]const u8 {
        return self.state.codes.get(asked.hash);
    }

    pub fn commit(self: *Books, asked: zvm.op.Commit) !void {
        var next = try self.state.clone(self.arena);
        for (asked.changes) |change| try next.apply(self.arena, change);
        self.state = next;
        self.commits += 1;
    }
};

const State = struct {
    entries: std.ArrayList(Entry) = .empty,
    accounts: std.AutoHashMapUnmanaged(zvm.Address, zvm.op.Account.Answer) = .empty,
    codes: std.AutoHashMapUnmanaged(zvm.Word, []const u8) = .empty,

    fn clone(self: *const State, arena: Allocator) !State {
        return .{
            .entries = try self.entries.clone(arena),
            .accounts = try self.accounts.clone(arena),
            .codes = try self.codes.clone(arena),
        };
    }

    /// Applies one change; keys and values are copied, since they are the library's.
    pub fn apply(self: *State, arena: Allocator, change: zvm.Change) !void {
        const key = change.key.slice();
        const value = change.value.slice();
        switch (change.kind) {
            .balance => (try self.accountOf(arena, change.account)).balance = zvm.number(value[0..32].*),
            .nonce => (try self.accountOf(arena, change.account)).nonce = std.mem.readInt(u64, value[0..8], .big),
            .code => {
                const account = try self.accountOf(arena, change.account);
                account.code_hash = key[0..32].*;
                account.engine = @enumFromInt(change.flags);
                try self.codes.put(arena, account.code_hash, try arena.dupe(u8, value));
            },
            .set => try self.set(arena, change.account, key, value),
            .delete => self.delete(change.account, key),
            else => return error.UnknownChange,
        }
    }

    fn accountOf(self: *State, arena: Allocator, address: zvm.Address) !*zvm.op.Account.Answer {
        const found = try self.accounts.getOrPutValue(arena, address, .{});
        return found.value_ptr;
    }

    fn set(self: *State, arena: Allocator, account: zvm.Address, key: []const u8, value: []const u8) !void {
        const copy = try arena.dupe(u8, value);
        if (self.find(account, key)) |entry| {
            entry.value = copy;
        } else {
            try self.entries.insert(arena, self.place(account, key), .{
                .account = account,
                .key = try arena.dupe(u8, key),
                .value = copy,
            });
        }
    }

    fn delete(self: *State, account: zvm.Address, key: []const u8) void {
        if (self.find(account, key) != null) _ = self.entries.orderedRemove(self.place(account, key));
    }

    fn find(self: *const State, account: zvm.Address, key: []const u8) ?*Entry {
        const at = self.place(account, key);
        if (at == self.entries.items.len) return null;
        const entry = &self.entries.items[at];
        return if (Entry.order(.{ account, key }, entry.*) == .eq) entry else null;
    }

    /// An account's entries from `start` on and before `end`.
    fn range(self: *const State, account: zvm.Address, start: []const u8, end: ?[]const u8) []const Entry {
        const first = self.place(account, start);
        if (end) |key| return self.entries.items[first..@max(first, self.place(account, key))];
        var last = first;
        while (last < self.entries.items.len and std.mem.eql(u8, &self.entries.items[last].account, &account)) last += 1;
        return self.entries.items[first..last];
    }

    /// Where an entry is or would be.
    fn place(self: *const State, account: zvm.Address, key: []const u8) usize {
        return std.sort.lowerBound(Entry, self.entries.items, Entry.Place{ account, key }, Entry.order);
    }
};

const Entry = struct {
    account: zvm.Address,
    key: []const u8,
    value: []const u8,

    const Place = struct { zvm.Address, []const u8 };

    fn order(wanted: Place, entry: Entry) std.math.Order {
        const accounts = std.mem.order(u8, &wanted[0], &entry.account);
        return if (accounts == .eq) std.mem.order(u8, wanted[1], entry.key) else accounts;
    }
};
