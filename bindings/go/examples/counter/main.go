// A counter on storage of the program's own: three maps, and every write they get is printed.
//
//	counter counter.wasm
package main

import (
	"encoding/binary"
	"fmt"
	"log"
	"maps"
	"math/big"
	"os"

	"zvm"
)

// slot is where a contract keeps something.
type slot struct {
	account zvm.Address
	key     string
}

// ledger is accounts, codes and storage in maps.
type ledger struct {
	accounts map[zvm.Address]zvm.Account
	codes    map[zvm.Word][]byte
	storage  map[slot][]byte
}

func (l *ledger) Get(_ zvm.Frame, account zvm.Address, key []byte) ([]byte, bool, error) {
	value, found := l.storage[slot{account, string(key)}]
	return value, found, nil
}

func (l *ledger) Account(_ zvm.Frame, address zvm.Address) (zvm.Account, bool, error) {
	account, found := l.accounts[address]
	return account, found, nil
}

func (l *ledger) Code(_ zvm.Frame, hash zvm.Word) ([]byte, bool, error) {
	code, found := l.codes[hash]
	return code, found, nil
}

// Commit works on copies, which replace the originals at the end: whole or not at all.
func (l *ledger) Commit(_ zvm.Frame, commit *zvm.Commit) error {
	next := ledger{maps.Clone(l.accounts), maps.Clone(l.codes), maps.Clone(l.storage)}
	for _, change := range commit.Changes {
		account := next.accounts[change.Account]
		switch change.Kind {
		case zvm.ChangeBalance:
			account.Balance = zvm.Word(change.Value)
			next.accounts[change.Account] = account
			fmt.Printf("  balance %v %v\n", change.Account, account.Balance.Big())
		case zvm.ChangeNonce:
			account.Nonce = binary.BigEndian.Uint64(change.Value)
			next.accounts[change.Account] = account
			fmt.Printf("  nonce   %v %d\n", change.Account, account.Nonce)
		case zvm.ChangeCode:
			account.CodeHash, account.Engine = zvm.Word(change.Key), zvm.Engine(change.Flags)
			next.accounts[change.Account] = account
			next.codes[account.CodeHash] = change.Value
			fmt.Printf("  code    %v %d bytes\n", change.Account, len(change.Value))
		case zvm.ChangeSet:
			next.storage[slot{change.Account, string(change.Key)}] = change.Value
			fmt.Printf("  set     %v %s %v\n", change.Account, change.Key, new(big.Int).SetBytes(change.Value))
		case zvm.ChangeDelete:
			delete(next.storage, slot{change.Account, string(change.Key)})
			fmt.Printf("  delete  %v %s\n", change.Account, change.Key)
		default:
			return fmt.Errorf("this ledger does not know changes of kind %d", change.Kind)
		}
	}
	*l = next
	return nil
}

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: counter counter.wasm")
	}
	code, err := os.ReadFile(os.Args[1])
	if err == nil {
		err = run(code)
	}
	if err != nil {
		log.Fatal(err)
	}
}

func run(code []byte) error {
	alice := zvm.Address{0xa1, 0x1c, 0xe0}
	host := &ledger{map[zvm.Address]zvm.Account{alice: {Balance: zvm.Amount(1_000_000)}}, map[zvm.Word][]byte{}, map[slot][]byte{}}

	runtime, err := zvm.NewRuntime(zvm.Config{})
	if err != nil {
		return err
	}
	defer runtime.Close()
	session, err := runtime.NewSession(zvm.Params{Host: host})
	if err != nil {
		return err
	}
	defer session.Close()

	start := binary.BigEndian.AppendUint64(nil, 41)
	deployed, err := session.Deploy(&zvm.Deploy{Caller: alice, Code: code, Input: start, GasLimit: 10_000_000})
	if err != nil {
		return err
	}
	if !deployed.Success() {
		return fmt.Errorf("the deploy ended with %v", deployed.Kind)
	}
	result, err := session.Call(&zvm.Call{Caller: alice, Target: *deployed.Created, GasLimit: 10_000_000})
	if err != nil {
		return err
	}
	if !result.Success() {
		return fmt.Errorf("the call ended with %v", result.Kind)
	}
	fmt.Printf("the counter at %v says %d, for %d gas\n", deployed.Created, binary.BigEndian.Uint64(result.Data), result.GasUsed)
	fmt.Println("committed:")
	return session.Commit()
}
