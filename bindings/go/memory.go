package zvm

import (
	"encoding/binary"
	"fmt"
	"sort"
)

// MemoryHost is a ledger in maps, which are there to be read and filled.
type MemoryHost struct {
	Accounts    map[Address]Account
	Codes       map[Word][]byte
	Storage     map[Address]map[string][]byte
	BlockHashes map[uint64]Word
	// Logs are those of all commits.
	Logs []Log
}

// NewMemoryHost makes an empty ledger.
func NewMemoryHost() *MemoryHost {
	return &MemoryHost{
		Accounts:    map[Address]Account{},
		Codes:       map[Word][]byte{},
		Storage:     map[Address]map[string][]byte{},
		BlockHashes: map[uint64]Word{},
	}
}

// Get implements [Host].
func (m *MemoryHost) Get(_ Frame, account Address, key []byte) ([]byte, bool, error) {
	value, found := m.Storage[account][string(key)]
	return value, found, nil
}

// Account implements [Host].
func (m *MemoryHost) Account(_ Frame, address Address) (Account, bool, error) {
	account, found := m.Accounts[address]
	return account, found, nil
}

// Code implements [Host].
func (m *MemoryHost) Code(_ Frame, hash Word) ([]byte, bool, error) {
	code, found := m.Codes[hash]
	return code, found, nil
}

// BlockHash implements [BlockHasher].
func (m *MemoryHost) BlockHash(_ Frame, number uint64) (Word, bool, error) {
	hash, found := m.BlockHashes[number]
	return hash, found, nil
}

// Scan implements [Scanner].
func (m *MemoryHost) Scan(_ Frame, account Address, within Range, yield func(key, value []byte) bool) error {
	entries := m.Storage[account]
	var keys []string
	for key := range entries {
		if key >= string(within.Start) && (!within.Bounded || key < string(within.End)) {
			keys = append(keys, key)
		}
	}
	sort.Slice(keys, func(i, j int) bool { return keys[i] < keys[j] != within.Reverse })
	for _, key := range keys {
		if !yield([]byte(key), entries[key]) {
			break
		}
	}
	return nil
}

// Commit implements [Committer].
func (m *MemoryHost) Commit(_ Frame, commit *Commit) error {
	// Looked at before anything is done: whole or not at all.
	for _, change := range commit.Changes {
		if change.Kind < ChangeBalance || change.Kind > ChangeDestroy {
			return fmt.Errorf("a change of unknown kind %d", change.Kind)
		}
	}
	for _, change := range commit.Changes {
		m.apply(change)
	}
	m.Logs = append(m.Logs, commit.Logs...)
	return nil
}

func (m *MemoryHost) apply(change Change) {
	account := m.Accounts[change.Account]
	switch change.Kind {
	case ChangeBalance:
		account.Balance = Word(change.Value)
		m.Accounts[change.Account] = account
	case ChangeNonce:
		account.Nonce = binary.BigEndian.Uint64(change.Value)
		m.Accounts[change.Account] = account
	case ChangeCode:
		account.CodeHash, account.Engine = Word(change.Key), Engine(change.Flags)
		m.Accounts[change.Account] = account
		m.Codes[account.CodeHash] = change.Value
	case ChangeSet:
		if m.Storage[change.Account] == nil {
			m.Storage[change.Account] = map[string][]byte{}
		}
		m.Storage[change.Account][string(change.Key)] = change.Value
	case ChangeDelete:
		delete(m.Storage[change.Account], string(change.Key))
	case ChangeDestroy:
		delete(m.Accounts, change.Account)
		delete(m.Storage, change.Account)
	}
}
