package zvm

import (
	"encoding/hex"
	"errors"
	"math/big"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"
)

func TestAContractSeesTheTermsOfItsCall(t *testing.T) {
	randomness := Word{1, 2, 3}
	block := &Block{Number: 7, Timestamp: 1234567, GasLimit: 1e9, ChainID: Amount(99), BaseFee: Amount(3),
		Randomness: &randomness, Proposer: Address{10}}
	session := openOver(t, newRuntime(t), Params{Host: newTeller(), Block: block}, probe)
	origin, value, price := Address{11}, Amount(1000), Amount(5)
	seen := must(session.Call(&Call{Caller: me, Target: session.at, Origin: origin, Value: value, GasPrice: price,
		Entry: "context", GasLimit: gas})).Data
	want := string(me[:]) + string(origin[:]) + string(value[:]) + string(price[:]) + string(bigEndian(7)) +
		string(bigEndian(1234567)) + string(block.ChainID[:]) + string(block.Proposer[:]) + string(randomness[:])
	if string(seen) != want {
		t.Fatalf("%x instead of %x", seen, want)
	}
}

func TestHowContractsEnd(t *testing.T) {
	session := open(t, newTeller())
	for entry, halt := range map[string]Halt{"unreachable": HaltUnreachable, "divide": HaltDivideByZero,
		"bounds": HaltMemoryBounds, "recurse": HaltStackOverflow, "spin": HaltOutOfGas, "nothing": HaltNoEntry, "fail": 0} {
		result := must(session.try(entry, nil))
		if result.Halt != halt || result.Success() || result.GasUsed+result.GasLeft != gas {
			t.Errorf("%s: %+v", entry, result)
		}
	}
	topics := string(make([]byte, 32)) + strings.Repeat("\x07", 32)
	logs := session.gives("emit", []byte("\x02"+topics+"data"), "").Logs
	want := []Log{{session.at, []Word{{}, Word([]byte(topics[32:]))}, []byte("data")}}
	if !reflect.DeepEqual(logs, want) {
		t.Errorf("%+v instead of %+v", logs, want)
	}
	logs = session.gives("emit", []byte{0}, "").Logs
	if !reflect.DeepEqual(logs, []Log{{Account: session.at}}) {
		t.Errorf("%+v", logs)
	}
}

func TestAddressesOfNewContracts(t *testing.T) {
	runtime := newRuntime(t)
	deployed := func(salt *Word) Address {
		session := must(runtime.NewSession(Params{Host: newTeller()}))
		defer session.Close()
		return *must(session.Deploy(&Deploy{Caller: me, Code: probe, GasLimit: gas, Engine: EngineWASM, Salt: salt})).Created
	}
	if one, same, other := deployed(&Word{5}), deployed(&Word{5}), deployed(&Word{6}); one != same || one == other {
		t.Errorf("%v, %v and %v", one, same, other)
	}
	if have, want := deployed(nil), must(CreateAddress(me, 0)); have != want {
		t.Errorf("%v instead of %v", have, want)
	}
	// EIP-1014, its first example: initcode 00.
	var initcode Word
	must(hex.Decode(initcode[:], []byte("bc36789e7a1e281436464229828f817d6612f7b477d66591ff96a9e064bcc98a")))
	have := must(Create2Address(Address{}, Word{}, initcode))
	if want := "4d1a2e2bb4f88f0250f26ffff098b0b30b26bf38"; hex.EncodeToString(have[:]) != want {
		t.Errorf("%v instead of %v", have, want)
	}
}

func TestSavepointsQueriesAndStaticCalls(t *testing.T) {
	session := open(t, newTeller())
	mark, before := must(session.Mark()), must(session.Changes())
	same := func() {
		t.Helper()
		if have := must(session.Changes()); !reflect.DeepEqual(have, before) {
			t.Errorf("%+v instead of %+v", have, before)
		}
	}
	write := &Call{Caller: me, Target: session.at, Entry: "write", Input: entryOf("k", "v"), GasLimit: gas}
	must(session.Query(write))
	same()
	static := *write
	static.Static = true
	if result := must(session.Call(&static)); result.Kind != KindStaticWrite {
		t.Errorf("%+v", result)
	}
	must(session.Call(write))
	if have := must(session.Changes()); !reflect.DeepEqual(have[len(have)-1], SetChange(session.at, []byte("k"), []byte("v"))) {
		t.Errorf("%+v", have)
	}
	if err := session.Rollback(mark); err != nil {
		t.Error(err)
	}
	same()
	if err := session.Reset(); err != nil || len(must(session.Changes())) != 0 {
		t.Error(err)
	}
	failed(t, StatusArgument, session.Rollback(mark))
}

func TestOneCallInASessionOfItsOwn(t *testing.T) {
	host, runtime := newTeller(), newRuntime(t)
	session := openOver(t, runtime, Params{Host: host}, probe)
	if err := session.Commit(); err != nil {
		t.Fatal(err)
	}
	write := &Call{Caller: me, Target: session.at, Entry: "write", Input: entryOf("k", "v"), GasLimit: gas}
	if result, err := runtime.Execute(Params{Host: host}, write); err != nil || !result.Success() {
		t.Fatal(result, err)
	}
	if string(host.Storage[session.at]["k"]) != "v" {
		t.Fatal(host.Storage)
	}
	_, err := runtime.Execute(Params{Host: host}, &Call{Target: session.at, Value: Amount(1), Interrupt: fired(t), GasLimit: gas})
	failed(t, StatusCancelled, err)
}

func fired(t *testing.T) *Interrupt {
	interrupt := must(NewInterrupt())
	t.Cleanup(interrupt.Close)
	interrupt.Fire()
	return interrupt
}

func TestCallsAreStopped(t *testing.T) {
	session := open(t, newTeller())
	spin := &Call{Caller: me, Target: session.at, Entry: "spin", GasLimit: 1e14, TimeLimit: 50 * time.Millisecond}
	_, err := session.Call(spin)
	failed(t, StatusDeadline, err)
	interrupt := must(NewInterrupt())
	defer interrupt.Close()
	spin.TimeLimit, spin.Interrupt = time.Minute, interrupt
	time.AfterFunc(50*time.Millisecond, interrupt.Fire)
	_, err = session.Call(spin)
	failed(t, StatusCancelled, err)
	interrupt.Reset()
	echo := &Call{Caller: me, Target: session.at, Entry: "echo", GasLimit: gas, Interrupt: interrupt}
	if _, err = session.Call(echo); err != nil {
		t.Fatal(err)
	}
}

func TestWhatIsClosedCannotBeUsed(t *testing.T) {
	runtime, store := newRuntime(t), must(NewStore())
	session := openOver(t, runtime, Params{Store: store}, probe)
	session.Close()
	session.Close()
	_, err := session.Changes()
	failed(t, StatusNull, err)
	store.Close()
	store.Close()
	if _, err := runtime.NewSession(Params{Store: store}); !errors.Is(err, errClosed) {
		t.Error(err)
	}
	for _, params := range []Params{{}, {Host: newTeller(), Store: store}} {
		if _, err := runtime.NewSession(params); err == nil {
			t.Error("a session over nothing or two things")
		}
	}
	runtime.Close()
	_, err = runtime.NewSession(Params{Host: newTeller()})
	failed(t, StatusNull, err)
	_, err = runtime.Fingerprint()
	failed(t, StatusNull, err)
}

// Bad input 81: a session that its own callback closes.
func TestN081ASessionClosedFromInside(t *testing.T) {
	host := newTeller()
	var session opened
	host.get = func(Frame, Address, []byte) ([]byte, bool, error) {
		session.Close()
		return []byte("value"), true, nil
	}
	session = open(t, host)
	session.gives("read", []byte("key"), "value")
}

func TestReadOnlySessions(t *testing.T) {
	session := openOver(t, newRuntime(t), Params{Host: newTeller(), ReadOnly: true}, probe)
	failed(t, StatusState, session.Commit())
}

func TestCode(t *testing.T) {
	runtime := must(NewRuntime(Config{ArtefactKey: Word{1}}))
	defer runtime.Close()
	code := must(runtime.LoadCode(CodeParams{Code: counter, Engine: EngineWASM}))
	defer code.Close()
	info := must(code.Info())
	if string(info.Code) != string(counter) || len(info.Entries) != 3 || !strings.Contains(string(info.ABI), "counter") {
		t.Fatalf("%+v", info)
	}
	artefact := must(code.Serialize())
	again := must(runtime.DeserializeCode(artefact))
	defer again.Close()
	if !reflect.DeepEqual(must(again.Info()), info) {
		t.Error("another code came back")
	}
	other := newRuntime(t)
	for _, damaged := range [][]byte{artefact, artefact[:len(artefact)-1], nil} {
		_, err := other.DeserializeCode(damaged)
		failed(t, StatusArtefact, err)
	}
	_, err := runtime.LoadCode(CodeParams{Code: counter, ExpectedHash: &Word{}})
	failed(t, StatusCodeInvalid, err)
	_, err = runtime.LoadCode(CodeParams{})
	failed(t, StatusCodeFormat, err)
	stats := must(runtime.Stats())
	if stats.Codes != 1 || stats.Calls != 0 || runtime.Trim() != nil {
		t.Errorf("%+v", stats)
	}
}

func TestCompilersDifferInNothingThatIsSeen(t *testing.T) {
	compilers := []Config{{Compiler: CompilerSinglepass}, {Compiler: CompilerCranelift},
		{Compiler: CompilerTiered, CompileThreads: 1, HotRuns: 1}}
	if FeatureVersion(FeatureSinglepass) == 0 || FeatureVersion(FeatureCranelift) == 0 {
		compilers = []Config{{}}
	}
	for _, config := range compilers {
		runtime := must(NewRuntime(config))
		if must(runtime.Fingerprint()) != must(newRuntime(t).Fingerprint()) {
			t.Errorf("%+v is in the fingerprint", config)
		}
		openOver(t, runtime, Params{Host: newTeller()}, probe)
		if stats := must(runtime.Stats()); stats.Compilations != 1 || runtime.EnsureSignals() != nil {
			t.Errorf("%+v: %+v", config, stats)
		}
		runtime.Close()
	}
	_, err := NewRuntime(Config{Compiler: 4})
	failed(t, StatusArgument, err)
	_, err = NewRuntime(Config{Signals: 2})
	failed(t, StatusArgument, err)
}

func TestConfiguration(t *testing.T) {
	small := must(NewRuntime(Config{Options: map[string]uint64{"limit.value_bytes": 10, "limit.key_bytes": 5}}))
	defer small.Close()
	if must(small.Fingerprint()) == must(newRuntime(t).Fingerprint()) {
		t.Error("parameters are not in the fingerprint")
	}
	session := openOver(t, small, Params{Host: newTeller()}, probe)
	for _, input := range [][]byte{entryOf("k", "eleven byte"), entryOf("sixbyt", "")} {
		if result := must(session.try("write", input)); result.Halt != HaltTooLong {
			t.Errorf("%+v", result)
		}
	}
	_, err := NewRuntime(Config{Options: map[string]uint64{"limit.nonsense": 1}})
	failed(t, StatusArgument, err)
	_, err = NewRuntime(Config{Admission: 99})
	failed(t, StatusArgument, err)
}

func TestStores(t *testing.T) {
	path, runtime := filepath.Join(t.TempDir(), "ledger.zvm"), newRuntime(t)
	store := must(OpenStore(path))
	if err := store.Apply([]Change{BalanceChange(me, Amount(5000)), NonceChange(me, 3)}); err != nil {
		t.Fatal(err)
	}
	session := openOver(t, runtime, Params{Store: store}, counter)
	must(session.try("", nil))
	if err := session.Commit(); err != nil || session.at != must(CreateAddress(me, 3)) {
		t.Fatal(err, session.at)
	}
	session.Close()
	store.Close()
	store = must(OpenStore(path))
	defer store.Close()
	if err := store.Apply([]Change{SetChange(me, nil, nil), DeleteChange(me, []byte("none"))}); err != nil {
		t.Fatal(err)
	}
	result, err := runtime.Execute(Params{Store: store}, &Call{Caller: me, Target: session.at, Entry: "get", GasLimit: gas})
	if err != nil || string(result.Data) != string(bigEndian(1)) {
		t.Fatal(result, err)
	}
	failed(t, StatusArgument, store.Apply([]Change{{Kind: ChangeNonce, Value: []byte("short")}}))
	failed(t, StatusUnsupported, store.Apply([]Change{{Kind: 99}}))
	_, err = OpenStore("")
	failed(t, StatusArgument, err)
}

func TestTheLibraryOfItself(t *testing.T) {
	if err := RunSelftest(SelftestAll); err != nil {
		t.Error(err)
	}
	failed(t, StatusPanic, RunSelftest(SelftestPanic))
	if FeatureVersion(FeatureWASM) == 0 || !strings.HasPrefix(Version(), "zvm ") {
		t.Error(Version())
	}
	largest := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 256), big.NewInt(1))
	if must(BigAmount(largest)).Big().Cmp(largest) != 0 || Amount(7).Big().Int64() != 7 {
		t.Error("amounts")
	}
	for _, outside := range []*big.Int{big.NewInt(-1), new(big.Int).Add(largest, big.NewInt(1))} {
		if _, err := BigAmount(outside); err == nil {
			t.Error(outside)
		}
	}
}
