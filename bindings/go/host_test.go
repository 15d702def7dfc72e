package zvm

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func TestAbsentIsNotEmpty(t *testing.T) {
	host := newTeller()
	host.get = func(_ Frame, _ Address, key []byte) ([]byte, bool, error) { return nil, string(key) != "none", nil }
	session := open(t, host)
	absent := must(session.try("read", []byte("none")))
	if absent.Kind != KindRevert || string(absent.Data) != "absent" {
		t.Fatalf("%+v", absent)
	}
	session.gives("read", []byte("empty"), "")
}

// Bad input 78: zero length both ways.
func TestN078ZeroLength(t *testing.T) {
	host := newTeller()
	asked := 0
	host.get = func(_ Frame, _ Address, key []byte) ([]byte, bool, error) {
		asked++
		return []byte{}, key == nil, nil
	}
	host.query = func(_ Frame, kind uint32, request []byte) ([]byte, bool, error) {
		asked++
		return nil, kind == 7 && request == nil, nil
	}
	session := open(t, host)
	session.gives("read", nil, "")
	session.gives("read", []byte{}, "")
	session.gives("ask", []byte{7}, "")
	session.gives("echo", []byte{}, "")
	if asked != 2 {
		t.Fatalf("asked %d times", asked)
	}

	host = newTeller()
	session = open(t, host)
	session.gives("write", entryOf("", ""), "")
	if err := session.Commit(); err != nil {
		t.Fatal(err)
	}
	if value, found := host.Storage[session.at][""]; !found || len(value) != 0 {
		t.Fatalf("%v", host.Storage)
	}
	session.gives("remove", nil, "")
	if have := must(session.Changes()); !reflect.DeepEqual(have, []Change{DeleteChange(session.at, nil)}) {
		t.Fatalf("%+v", have)
	}
	for _, keys := range [][][]byte{nil, {}, {nil}, {{}, {}}} {
		if err := session.Prefetch(session.at, keys); err != nil {
			t.Fatal(err)
		}
	}
}

func TestAnswersLongerThanTheirRoom(t *testing.T) {
	for _, size := range []int{255, 256, 257, 65536} {
		host := newTeller()
		host.get = func(Frame, Address, []byte) ([]byte, bool, error) { return make([]byte, size), true, nil }
		open(t, host).gives("read", []byte("key"), string(make([]byte, size)))
	}
}

// Bad input 79: a length over the limit.
func TestN079AnAnswerOverTheLimit(t *testing.T) {
	host := newTeller()
	host.get = func(Frame, Address, []byte) ([]byte, bool, error) { return make([]byte, 65537), true, nil }
	open(t, host).fails(StatusHostProtocol, "read", []byte("key"))
}

func TestASurchargeIsPaid(t *testing.T) {
	price := func(charge uint64) uint64 {
		host := newTeller()
		host.get = func(at Frame, account Address, _ []byte) ([]byte, bool, error) {
			if at.Depth() != 1 || at.GasLeft() == 0 || at.Contract() != account || at.Cancelled() {
				t.Errorf("%d %d %v", at.Depth(), at.GasLeft(), at.Contract())
			}
			at.Charge(charge)
			return []byte("value"), true, nil
		}
		return open(t, host).gives("read", []byte("key"), "value").GasUsed
	}
	if price(1234)-price(0) != 1234 {
		t.Fatal(price(1234), price(0))
	}
}

func TestKeysComeInOrderOverManyPages(t *testing.T) {
	host := newTeller()
	session := open(t, host)
	host.Storage[session.at] = map[string][]byte{}
	listed := ""
	for number := 0; number < 500; number++ {
		key := fmt.Sprintf("key %04d", number)
		host.Storage[session.at][key] = []byte("x")
		listed += "\x08" + key
	}
	session.gives("keys", nil, listed)
}

// plain hides what a host has besides the required methods.
type plain struct{ Host }

func TestWhatAHostDoesNotOfferIsMissing(t *testing.T) {
	session := open(t, plain{newTeller()})
	session.fails(StatusHostMissing, "keys", nil)
	failed(t, StatusHostMissing, session.Commit())
	if len(must(session.Changes())) == 0 {
		t.Fatal("no changes to take")
	}
	absent := must(session.try("block_hash", bigEndian(5)))
	if string(absent.Data) != "absent" {
		t.Fatalf("%+v", absent)
	}
}

// batching is a host that reads several entries at once.
type batching struct {
	*teller
	asked [][]Slot
}

func (b *batching) GetMany(_ Frame, slots []Slot) error {
	b.asked = append(b.asked, append([]Slot(nil), slots...))
	slots[1].Value, slots[1].Found, slots[1].Gas = []byte("two"), true, 5
	slots[2].Found = true
	return nil
}

func TestSeveralEntriesInOneQuestion(t *testing.T) {
	host := &batching{teller: newTeller()}
	host.get = func(Frame, Address, []byte) ([]byte, bool, error) { return nil, false, errors.New("asked for one") }
	session := open(t, host)
	if err := session.Prefetch(session.at, [][]byte{[]byte("1"), []byte("2"), []byte("3")}); err != nil {
		t.Fatal(err)
	}
	if len(host.asked) != 1 || len(host.asked[0]) != 3 || host.asked[0][2].Account != session.at {
		t.Fatalf("%+v", host.asked)
	}
	if absent := must(session.try("read", []byte("1"))); string(absent.Data) != "absent" {
		t.Fatalf("%+v", absent)
	}
	session.gives("read", []byte("2"), "two")
	session.gives("read", []byte("3"), "")
}

func TestAQueryMayCallContracts(t *testing.T) {
	host := newTeller()
	host.get = func(Frame, Address, []byte) ([]byte, bool, error) { return []byte("value"), true, nil }
	host.query = func(at Frame, _ uint32, request []byte) ([]byte, bool, error) {
		result, err := at.Call(&Call{Target: Address(request), Entry: "read", Input: []byte("key")})
		if err != nil {
			return nil, false, err
		}
		return result.Data, true, nil
	}
	session := open(t, host)
	session.gives("ask", append([]byte{9}, session.at[:]...), "value")

	gone := errors.New("the disk is gone")
	host.get = func(Frame, Address, []byte) ([]byte, bool, error) { return nil, false, gone }
	if err := session.Reset(); err != nil {
		t.Fatal(err)
	}
	session = open(t, host)
	outer := session.fails(StatusHost, "ask", append([]byte{9}, session.at[:]...))
	var inner *Error
	if !errors.As(outer.Cause, &inner) || inner.Cause != gone || !errors.Is(outer, gone) {
		t.Fatalf("%v: %v", outer, outer.Cause)
	}
}

func TestOtherMethodsMayNotCallContracts(t *testing.T) {
	host := newTeller()
	var session opened
	host.get = func(at Frame, account Address, _ []byte) ([]byte, bool, error) {
		_, err := session.try("echo", nil)
		failed(t, StatusBusy, err)
		_, err = at.Call(&Call{Target: account})
		return nil, false, err
	}
	session = open(t, host)
	failure := session.fails(StatusHost, "read", []byte("key"))
	failed(t, StatusState, failure.Cause)
}

type admitting struct {
	score    uint32
	accepted bool
	err      error
	seen     Candidate
}

func (a *admitting) Admit(_ Frame, candidate *Candidate) (uint32, bool, error) {
	a.seen = *candidate
	a.seen.Code = append([]byte(nil), candidate.Code...)
	return a.score, a.accepted, a.err
}

func TestAdmission(t *testing.T) {
	runtime := must(NewRuntime(Config{Admission: AdmissionRequired, LeastScore: 50}))
	defer runtime.Close()
	deploy := func(hooks *admitting) (*Result, error) {
		session := must(runtime.NewSession(Params{Host: newTeller(), Hooks: hooks}))
		defer session.Close()
		return session.Deploy(&Deploy{Caller: me, Code: probe, GasLimit: gas})
	}
	hooks := &admitting{score: 50, accepted: true}
	result := must(deploy(hooks))
	seen := hooks.seen
	if result.Score != 50 || string(seen.Code) != string(probe) || seen.Creator != me ||
		seen.Contract != *result.Created || seen.Engine != EngineWASM {
		t.Fatalf("%+v %+v", result, hooks.seen)
	}
	for _, hooks := range []*admitting{{score: 49, accepted: true}, {score: 99}} {
		_, err := deploy(hooks)
		failed(t, StatusCodeRefused, err)
	}
	_, err := deploy(&admitting{err: errors.New("no opinion")})
	failed(t, StatusHost, err)
}

type listening struct{ lines []string }

func (l *listening) Log(level uint32, target, message string) {
	l.lines = append(l.lines, fmt.Sprint(level, " ", target, " ", message))
}

func TestHooksBesideAStore(t *testing.T) {
	store, hooks := must(NewStore()), &listening{}
	defer store.Close()
	session := openOver(t, newRuntime(t), Params{Store: store, Hooks: hooks}, probe)
	session.gives("say", []byte("grüß\n"), "")
	if want := "1 " + session.at.String() + ` grüß\n`; len(hooks.lines) != 1 || hooks.lines[0] != want {
		t.Fatalf("%q instead of %q", hooks.lines, want)
	}
}

type tracing struct{ lines strings.Builder }

func (l *tracing) Trace(lines []byte) { l.lines.Write(lines) }

func TestTraces(t *testing.T) {
	store, hooks := must(NewStore()), &tracing{}
	defer store.Close()
	session := openOver(t, newRuntime(t), Params{Store: store, Hooks: hooks}, probe)
	if err := session.Trace(TraceCalls | TraceSteps); err != nil {
		t.Fatal(err)
	}
	session.gives("say", []byte("1"), "")
	told := strings.Split(strings.TrimSpace(hooks.lines.String()), "\n")
	if len(told) != 3 || !strings.HasPrefix(told[0], `{"enter":"call","depth":1,`) ||
		!strings.Contains(told[0], `"entry":"say","input":"0x31"`) ||
		!strings.HasPrefix(told[1], `{"leave":"SUCCESS","depth":1,"engine":"wasm",`) ||
		!strings.HasSuffix(told[2], `,"pass":true}`) {
		t.Fatalf("%q", told)
	}
	if err := session.Trace(0); err != nil {
		t.Fatal(err)
	}
	hooks.lines.Reset()
	session.gives("say", []byte("1"), "")
	if hooks.lines.Len() != 0 {
		t.Fatal(hooks.lines.String())
	}
	failed(t, StatusFlags, session.Trace(4))
}

type coded int32

func (c coded) Error() string   { return "out of paper" }
func (c coded) HostCode() int32 { return int32(c) }

func TestErrorsOfAHost(t *testing.T) {
	gone := errors.New("the disk is gone")
	host := newTeller()
	session := open(t, host)
	if err := session.Commit(); err != nil {
		t.Fatal(err)
	}
	calls := map[string][]byte{"read": []byte("key"), "keys": nil, "block_hash": bigEndian(5), "reach": make([]byte, 20)}
	host.get = func(Frame, Address, []byte) ([]byte, bool, error) { return nil, false, gone }
	host.scan = func(func(key, value []byte) bool) error { return gone }
	host.blockHash = func(uint64) (Word, bool, error) { return Word{}, false, gone }
	host.account = func(Address) (Account, bool, error) { return Account{}, false, gone }
	for entry, input := range calls {
		failure := session.fails(StatusHost, entry, input)
		if failure.Cause != gone || failure.Message != gone.Error() || failure.Contract != session.at || failure.Depth != 1 {
			t.Errorf("%s: %+v", entry, failure)
		}
	}
	host.get = func(Frame, Address, []byte) ([]byte, bool, error) {
		return nil, false, fmt.Errorf("printer: %w", coded(-77))
	}
	if failure := session.fails(StatusHost, "read", []byte("key")); failure.HostCode != -77 {
		t.Errorf("%+v", failure)
	}
	// Nothing of the calls remains, and the session goes on.
	session.gives("echo", []byte("hello"), "hello")
}

// Bad input 82: a callback panics.
func TestN082PanicsOfAHost(t *testing.T) {
	host := newTeller()
	session := open(t, host)
	for _, value := range []any{"text", errors.New("error"), 7, (*int)(nil)} {
		host.get = func(Frame, Address, []byte) ([]byte, bool, error) { panic(value) }
		failure := session.fails(StatusHostUnwound, "read", []byte("key"))
		var caught *PanicError
		if !errors.As(failure, &caught) || caught.Value != value || !strings.Contains(string(caught.Stack), "host_test.go") {
			t.Fatalf("%+v", failure)
		}
	}
	var nothing *int
	host.get = func(Frame, Address, []byte) ([]byte, bool, error) { return nil, *nothing == 0, nil }
	var broken runtime.Error
	if failure := session.fails(StatusHostUnwound, "read", []byte("key")); !errors.As(failure, &broken) {
		t.Fatalf("%+v", failure)
	}
	host.commit = func(*Commit) error { panic("no space") }
	failed(t, StatusHostUnwound, session.Commit())
	host.commit = nil
	if err := session.Commit(); err != nil || host.Accounts[session.at].Nonce != 1 {
		t.Fatal(err, host.Accounts)
	}
	host.log = func(uint32, string, string) { panic("no paper") }
	session.gives("say", []byte("hello"), "")
}

// Bad input 82: a callback ends its goroutine. Nothing can stop that any more, so the process says so and ends.
func TestN082GoexitOfAHost(t *testing.T) {
	if os.Getenv("ZVM_TEST_GOEXIT") != "" {
		host := newTeller()
		host.get = func(Frame, Address, []byte) ([]byte, bool, error) {
			runtime.Goexit()
			return nil, false, nil
		}
		open(t, host).try("read", []byte("key"))
		return
	}
	child := exec.Command(os.Args[0], "-test.run=^TestN082GoexitOfAHost$")
	child.Env = append(os.Environ(), "ZVM_TEST_GOEXIT=1")
	said, err := child.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.ExitCode() != 2 || !strings.Contains(string(said), "runtime.Goexit") {
		t.Fatalf("%v: %s", err, said)
	}
}

// Bad input 85: code that is not the code.
func TestN085CodeOfAnotherHash(t *testing.T) {
	host := newTeller()
	session := open(t, host)
	if err := session.Commit(); err != nil {
		t.Fatal(err)
	}
	for _, code := range [][]byte{nil, counter, {}} {
		host.code = func(Word) ([]byte, bool, error) { return code, code != nil, nil }
		again := must(newRuntime(t).NewSession(Params{Host: host}))
		_, err := again.Call(&Call{Caller: me, Target: session.at, GasLimit: gas})
		failed(t, StatusHostProtocol, err)
		again.Close()
	}
}
