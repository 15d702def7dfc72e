package zvm

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

// The tests' contracts are compiled by make; the probe is bindings/testdata/probe.c.
var (
	root    = filepath.Join("..", "..")
	counter = contract("c/counter.wasm")
	probe   = contract("probe.wasm")
	me      = Address{1}
)

const gas = 100_000_000

func contract(name string) []byte {
	code, err := os.ReadFile(filepath.Join(root, "build", "contracts", name))
	if err != nil {
		panic(err)
	}
	return code
}

// teller is a ledger in memory that answers what a test tells it to.
type teller struct {
	*MemoryHost
	get       func(at Frame, account Address, key []byte) ([]byte, bool, error)
	account   func(address Address) (Account, bool, error)
	code      func(hash Word) ([]byte, bool, error)
	scan      func(yield func(key, value []byte) bool) error
	commit    func(commit *Commit) error
	blockHash func(number uint64) (Word, bool, error)
	query     func(at Frame, kind uint32, request []byte) ([]byte, bool, error)
	log       func(level uint32, target, message string)
}

func newTeller() *teller {
	host := &teller{MemoryHost: NewMemoryHost()}
	host.Accounts[me] = Account{Balance: Amount(1 << 60)}
	return host
}

func (t *teller) Get(at Frame, account Address, key []byte) ([]byte, bool, error) {
	if t.get != nil {
		return t.get(at, account, key)
	}
	return t.MemoryHost.Get(at, account, key)
}

func (t *teller) Account(at Frame, address Address) (Account, bool, error) {
	if t.account != nil {
		return t.account(address)
	}
	return t.MemoryHost.Account(at, address)
}

func (t *teller) Code(at Frame, hash Word) ([]byte, bool, error) {
	if t.code != nil {
		return t.code(hash)
	}
	return t.MemoryHost.Code(at, hash)
}

func (t *teller) Scan(at Frame, account Address, within Range, yield func(key, value []byte) bool) error {
	if t.scan != nil {
		return t.scan(yield)
	}
	return t.MemoryHost.Scan(at, account, within, yield)
}

func (t *teller) Commit(at Frame, commit *Commit) error {
	if t.commit != nil {
		return t.commit(commit)
	}
	return t.MemoryHost.Commit(at, commit)
}

func (t *teller) BlockHash(at Frame, number uint64) (Word, bool, error) {
	if t.blockHash != nil {
		return t.blockHash(number)
	}
	return t.MemoryHost.BlockHash(at, number)
}

func (t *teller) Query(at Frame, kind uint32, request []byte) ([]byte, bool, error) {
	return t.query(at, kind, request)
}

func (t *teller) Log(level uint32, target, message string) {
	if t.log != nil {
		t.log(level, target, message)
	}
}

// must ends a test that cannot go on.
func must[T any](made T, err error) T {
	if err != nil {
		panic(err)
	}
	return made
}

func newRuntime(t testing.TB) *Runtime {
	runtime := must(NewRuntime(Config{}))
	t.Cleanup(runtime.Close)
	return runtime
}

// opened is a session with a contract in it.
type opened struct {
	t testing.TB
	*Session
	at Address
}

func openOver(t testing.TB, runtime *Runtime, params Params, code []byte) opened {
	session := must(runtime.NewSession(params))
	t.Cleanup(session.Close)
	made := must(session.Deploy(&Deploy{Caller: me, Code: code, GasLimit: gas}))
	if !made.Success() {
		t.Fatalf("deploy: %v %v", made.Kind, made.Halt)
	}
	return opened{t, session, *made.Created}
}

func open(t testing.TB, host Host) opened {
	return openOver(t, newRuntime(t), Params{Host: host}, probe)
}

// try calls an entry of the contract.
func (o opened) try(entry string, input []byte) (*Result, error) {
	return o.Call(&Call{Caller: me, Target: o.at, Entry: entry, Input: input, GasLimit: gas})
}

// gives calls an entry that must succeed with this output.
func (o opened) gives(entry string, input []byte, output string) *Result {
	o.t.Helper()
	result, err := o.try(entry, input)
	if err != nil {
		o.t.Fatalf("%s: %v", entry, err)
	}
	if !result.Success() || string(result.Data) != output {
		o.t.Fatalf("%s: %v %v %q instead of %q", entry, result.Kind, result.Halt, result.Data, output)
	}
	return result
}

// fails calls an entry that must end with this status.
func (o opened) fails(status Status, entry string, input []byte) *Error {
	o.t.Helper()
	_, err := o.try(entry, input)
	return failed(o.t, status, err)
}

func failed(t testing.TB, status Status, err error) *Error {
	t.Helper()
	var failure *Error
	if !errors.As(err, &failure) || failure.Status != status || !errors.Is(err, status.Err()) {
		t.Fatalf("%v instead of %v", err, status)
	}
	return failure
}

// entryOf is the input of the probe's write.
func entryOf(key, value string) []byte {
	return append([]byte{byte(len(key))}, key+value...)
}

func bigEndian(number uint64) []byte { return binary.BigEndian.AppendUint64(nil, number) }
