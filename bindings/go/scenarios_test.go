package zvm

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// The format is tests/vectors/README.md: the same files run in every language.

type octets []byte

func (o *octets) UnmarshalJSON(text []byte) error {
	var digits string
	if err := json.Unmarshal(text, &digits); err != nil {
		return err
	}
	if !strings.HasPrefix(digits, "0x") {
		return fmt.Errorf("%q is not hex", digits)
	}
	made, err := hex.DecodeString(digits[2:])
	*o = made
	return err
}

type vector struct {
	About      string            `json:"about"`
	Options    map[string]uint64 `json:"options"`
	DenyFloats bool              `json:"deny_floats"`
	Block      struct {
		Number     uint64 `json:"number"`
		Timestamp  uint64 `json:"timestamp"`
		GasLimit   uint64 `json:"gas_limit"`
		ChainID    octets `json:"chain_id"`
		BaseFee    octets `json:"base_fee"`
		Randomness octets `json:"randomness"`
		Proposer   octets `json:"proposer"`
	} `json:"block"`
	Codes  map[string]octets `json:"codes"`
	Ledger struct {
		Accounts    map[string]vectorAccount `json:"accounts"`
		BlockHashes map[uint64]octets        `json:"block_hashes"`
	} `json:"ledger"`
	Steps   []step         `json:"steps"`
	Changes []vectorChange `json:"changes"`
	Logs    []vectorLog    `json:"logs"`
}

type vectorAccount struct {
	Balance  octets            `json:"balance"`
	Nonce    uint64            `json:"nonce"`
	Code     string            `json:"code"`
	CodeHash octets            `json:"code_hash"`
	Engine   Engine            `json:"engine"`
	Storage  map[string]octets `json:"storage"`
}

type step struct {
	Do       string  `json:"do"`
	Name     string  `json:"name"`
	Caller   octets  `json:"caller"`
	Origin   octets  `json:"origin"`
	Target   octets  `json:"target"`
	Value    octets  `json:"value"`
	GasPrice octets  `json:"gas_price"`
	Code     string  `json:"code"`
	Engine   Engine  `json:"engine"`
	Entry    string  `json:"entry"`
	Input    octets  `json:"input"`
	Salt     octets  `json:"salt"`
	GasLimit uint64  `json:"gas_limit"`
	Static   bool    `json:"static"`
	Expect   *expect `json:"expect"`
}

type expect struct {
	Status    string      `json:"status"`
	Kind      string      `json:"kind"`
	Halt      string      `json:"halt"`
	GasUsed   uint64      `json:"gas_used"`
	GasLeft   uint64      `json:"gas_left"`
	GasRefund uint64      `json:"gas_refund"`
	Data      octets      `json:"data"`
	Created   octets      `json:"created"`
	Logs      []vectorLog `json:"logs"`
}

type vectorLog struct {
	Account octets   `json:"account"`
	Topics  []octets `json:"topics"`
	Data    octets   `json:"data"`
}

type vectorChange struct {
	Kind    ChangeKind `json:"kind"`
	Flags   uint32     `json:"flags"`
	Account octets     `json:"account"`
	Key     octets     `json:"key"`
	Value   octets     `json:"value"`
}

// address and word are zero where a field is absent.
func (o octets) address() (made Address) {
	if len(o) > 0 {
		made = Address(o)
	}
	return made
}

func (o octets) word() (made Word) {
	if len(o) > 0 {
		made = Word(o)
	}
	return made
}

func (o octets) optionalWord() *Word {
	if len(o) == 0 {
		return nil
	}
	word := Word(o)
	return &word
}

func hexed(text string) octets {
	var made octets
	if err := json.Unmarshal([]byte(`"`+text+`"`), &made); err != nil {
		panic(err)
	}
	return made
}

func logs(expected []vectorLog) []Log {
	made := make([]Log, len(expected))
	for at, log := range expected {
		made[at] = Log{Account: log.Account.address(), Data: append([]byte(nil), log.Data...)}
		for _, topic := range log.Topics {
			made[at].Topics = append(made[at].Topics, topic.word())
		}
	}
	return made
}

func changes(expected []vectorChange) []Change {
	made := make([]Change, len(expected))
	for at, change := range expected {
		key, value := append([]byte(nil), change.Key...), append([]byte(nil), change.Value...)
		made[at] = Change{change.Kind, change.Flags, change.Account.address(), key, value}
	}
	return made
}

func (v *vector) ledger() *teller {
	host := &teller{MemoryHost: NewMemoryHost()}
	for address, account := range v.Ledger.Accounts {
		at := hexed(address).address()
		host.Accounts[at] = Account{account.Balance.word(), account.Nonce, account.CodeHash.word(), account.Engine}
		if account.Code != "" {
			host.Codes[account.CodeHash.word()] = v.Codes[account.Code]
		}
		host.Storage[at] = map[string][]byte{}
		for key, value := range account.Storage {
			host.Storage[at][string(hexed(key))] = value
		}
	}
	for number, hash := range v.Ledger.BlockHashes {
		host.BlockHashes[number] = hash.word()
	}
	return host
}

func (v *vector) block() *Block {
	block := &v.Block
	return &Block{Number: block.Number, Timestamp: block.Timestamp, GasLimit: block.GasLimit,
		ChainID: block.ChainID.word(), BaseFee: block.BaseFee.word(), Randomness: block.Randomness.optionalWord(),
		Proposer: block.Proposer.address()}
}

func (v *vector) run(t *testing.T) {
	runtime := must(NewRuntime(Config{Options: v.Options, DenyFloats: v.DenyFloats}))
	defer runtime.Close()
	host := v.ledger()
	// The teller answers queries only where it is told to.
	params := Params{Host: host, Hooks: struct{}{}, Block: v.block()}
	session := must(runtime.NewSession(params))
	defer session.Close()
	marks := map[string]Mark{}
	for at, step := range v.Steps {
		if err := v.step(session, &step, marks); err != nil {
			t.Fatalf("step %d: %v", at, err)
		}
	}
	want, wantLogs := changes(v.Changes), logs(v.Logs)
	if have := must(session.Changes()); !reflect.DeepEqual(have, want) {
		t.Fatalf("changes %+v instead of %+v", have, want)
	}
	commits := 0
	host.commit = func(commit *Commit) error {
		commits++
		if !reflect.DeepEqual(commit.Changes, want) || !reflect.DeepEqual(commit.Logs, wantLogs) {
			t.Errorf("committed %+v instead of %+v and %+v", commit, want, wantLogs)
		}
		return host.MemoryHost.Commit(Frame{}, commit)
	}
	if err := session.Commit(); err != nil || commits != 1 {
		t.Fatalf("%d commits, %v", commits, err)
	}
	again := must(runtime.NewSession(params))
	defer again.Close()
	if have := must(again.Changes()); len(have) != 0 {
		t.Fatalf("changes %+v instead of none", have)
	}
}

func (v *vector) step(session *Session, step *step, marks map[string]Mark) (err error) {
	switch step.Do {
	case "commit":
		return session.Commit()
	case "mark":
		marks[step.Name], err = session.Mark()
		return err
	case "rollback":
		return session.Rollback(marks[step.Name])
	case "deploy":
		return step.Expect.check(session.Deploy(&Deploy{
			Caller: step.Caller.address(), Origin: step.Origin.address(), Code: v.Codes[step.Code], Engine: step.Engine,
			Input: step.Input, Value: step.Value.word(), GasPrice: step.GasPrice.word(), Salt: step.Salt.optionalWord(),
			GasLimit: step.GasLimit,
		}))
	case "call", "query":
		call := &Call{
			Caller: step.Caller.address(), Target: step.Target.address(), Origin: step.Origin.address(),
			Value: step.Value.word(), GasPrice: step.GasPrice.word(), Entry: step.Entry, Input: step.Input,
			GasLimit: step.GasLimit, Static: step.Static,
		}
		if step.Do == "query" {
			return step.Expect.check(session.Query(call))
		}
		return step.Expect.check(session.Call(call))
	default:
		return fmt.Errorf("nobody can %s", step.Do)
	}
}

func (e *expect) check(result *Result, err error) error {
	if e.Status != "" {
		failure, ok := err.(*Error)
		if !ok || failure.Status.String() != e.Status {
			return fmt.Errorf("%v instead of %s", err, e.Status)
		}
		return nil
	}
	if err != nil {
		return err
	}
	halt := ""
	if result.Halt != 0 {
		halt = result.Halt.String()
	}
	var created []byte
	if result.Created != nil {
		created = result.Created[:]
	}
	same := result.Kind.String() == e.Kind && halt == e.Halt && result.GasUsed == e.GasUsed &&
		result.GasLeft == e.GasLeft && result.GasRefund == e.GasRefund && bytes.Equal(result.Data, e.Data) &&
		bytes.Equal(created, e.Created) && reflect.DeepEqual(result.Logs, logs(e.Logs))
	if !same {
		return fmt.Errorf("%+v instead of %+v", result, e)
	}
	return nil
}

func TestScenarios(t *testing.T) {
	files := must(filepath.Glob(filepath.Join(root, "tests", "vectors", "*.json")))
	if len(files) == 0 {
		t.Fatal("there are no scenarios")
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".json"), func(t *testing.T) {
			decoder := json.NewDecoder(bytes.NewReader(must(os.ReadFile(file))))
			decoder.DisallowUnknownFields()
			var vector vector
			if err := decoder.Decode(&vector); err != nil {
				t.Fatal(err)
			}
			vector.run(t)
		})
	}
}
