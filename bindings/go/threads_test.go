package zvm

import (
	"errors"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"sync"
	"syscall"
	"testing"
	"time"
)

func TestSessionsOnManyGoroutines(t *testing.T) {
	shared := newRuntime(t)
	var all sync.WaitGroup
	for start := uint64(0); start < 16; start++ {
		all.Add(1)
		go func(start uint64) {
			defer all.Done()
			host := newTeller()
			session := must(shared.NewSession(Params{Host: host}))
			defer session.Close()
			made := must(session.Deploy(&Deploy{Caller: me, Code: counter, Input: bigEndian(start), GasLimit: gas}))
			for i := 0; i < 50; i++ {
				must(session.Call(&Call{Caller: me, Target: *made.Created, GasLimit: gas}))
			}
			if err := session.Commit(); err != nil {
				t.Error(err)
			}
			if have := host.Storage[*made.Created]["count"]; string(have) != string(bigEndian(start+50)) {
				t.Errorf("%x", have)
			}
		}(start)
	}
	all.Wait()
}

// Bad input 81: one session on two goroutines.
func TestN081ASecondGoroutineIsToldBusy(t *testing.T) {
	host, inside, leave := newTeller(), make(chan bool), make(chan bool)
	host.get = func(Frame, Address, []byte) ([]byte, bool, error) {
		inside <- true
		<-leave
		return nil, false, errors.New("left")
	}
	session := open(t, host)
	done := make(chan error)
	go func() {
		_, err := session.try("read", []byte("key"))
		done <- err
	}()
	<-inside
	session.fails(StatusBusy, "echo", nil)
	leave <- true
	if failure := failed(t, StatusHost, <-done); failure.Cause == nil || failure.Cause.Error() != "left" {
		t.Error(failure)
	}
}

// Bad input 90, the short form: traps on many goroutines, with a collector that never rests, moving stacks, Go's own
// signal handling in use, and nil dereferences of Go's own beside them.
func TestN090TrapsUnderStress(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	signals := make(chan os.Signal, 64)
	signal.Notify(signals, syscall.SIGSEGV, syscall.SIGILL, syscall.SIGFPE)
	defer signal.Stop(signals)

	seconds := 3 * time.Second
	if testing.Short() {
		seconds = time.Second
	}
	until := time.Now().Add(seconds)
	halts := map[string]Halt{"unreachable": HaltUnreachable, "bounds": HaltMemoryBounds, "divide": HaltDivideByZero,
		"recurse": HaltStackOverflow}
	shared := newRuntime(t)
	var all sync.WaitGroup
	for worker := 0; worker < 64; worker++ {
		all.Add(1)
		go func() {
			defer all.Done()
			host := newTeller()
			host.get = func(Frame, Address, []byte) ([]byte, bool, error) {
				deepen(64)
				runtime.Gosched()
				return make([]byte, 300), true, nil
			}
			session := openOver(t, shared, Params{Host: host}, probe)
			for round := 0; time.Now().Before(until); round++ {
				for entry, halt := range halts {
					if result := must(session.try(entry, nil)); result.Halt != halt {
						t.Errorf("%s: %+v", entry, result)
					}
				}
				must(session.try("read", bigEndian(uint64(round))))
				if !recovers() {
					t.Error("a nil dereference of Go's own was not recovered")
				}
			}
		}()
	}
	for time.Now().Before(until) {
		runtime.GC()
	}
	all.Wait()
	if len(signals) != 0 {
		t.Errorf("%d signals of the library's came to the program, the first %v", len(signals), <-signals)
	}
}

// deepen makes the goroutine's stack grow, so that it moves.
func deepen(by int) byte {
	var room [1024]byte
	if by > 0 {
		room[by] = deepen(by - 1)
	}
	return room[by]
}

func recovers() (recovered bool) {
	defer func() { recovered = recover() != nil }()
	var nothing *[64]int
	return nothing[7] == 0 && false
}

// The library lets go of a host when its session is closed, and when it could not be made.
func TestHostsAreReleased(t *testing.T) {
	shared := newRuntime(t)
	released := make(chan bool, 8)
	over := func(make func(host Host)) {
		host := newTeller()
		runtime.SetFinalizer(host, func(*teller) { released <- true })
		make(host)
	}
	over(func(host Host) {
		session := must(shared.NewSession(Params{Host: host}))
		must(session.Deploy(&Deploy{Caller: me, Code: probe, GasLimit: gas}))
		session.Close()
	})
	over(func(host Host) {
		store := must(NewStore())
		defer store.Close()
		must(shared.NewSession(Params{Store: store, Hooks: host})).Close()
	})
	closed := must(NewRuntime(Config{}))
	closed.Close()
	over(func(host Host) { closed.NewSession(Params{Host: host}) })
	over(func(host Host) { shared.Execute(Params{Host: host}, &Call{GasLimit: gas}) })
	for count := 0; count < 4; count++ {
		runtime.GC()
		select {
		case <-released:
		case <-time.After(5 * time.Second):
			t.Fatalf("%d of 4 hosts were released", count)
		}
	}
}

// A read costs no allocation of Go's but the host's own.
func TestReadsAllocateNothing(t *testing.T) {
	host, value := newTeller(), []byte("value")
	host.get = func(Frame, Address, []byte) ([]byte, bool, error) { return value, true, nil }
	session := open(t, host)
	keys := make([][]byte, 1000)
	for at := range keys {
		keys[at] = bigEndian(uint64(at))
	}
	count := testing.AllocsPerRun(10, func() {
		session.Reset()
		if err := session.Prefetch(session.at, keys); err != nil {
			t.Fatal(err)
		}
	})
	if count > 100 {
		t.Errorf("%v allocations in 1000 reads", count)
	}
}

func BenchmarkRead(b *testing.B) {
	host, value := newTeller(), make([]byte, 200)
	host.get = func(Frame, Address, []byte) ([]byte, bool, error) { return value, true, nil }
	session := open(b, host)
	keys := make([][]byte, 1000)
	for at := range keys {
		keys[at] = bigEndian(uint64(at))
	}
	b.ResetTimer()
	for done := 0; done < b.N; done += len(keys) {
		session.Reset()
		session.Prefetch(session.at, keys)
	}
}

func BenchmarkCall(b *testing.B) {
	session := open(b, newTeller())
	for done := 0; done < b.N; done++ {
		session.gives("echo", nil, "")
	}
}
