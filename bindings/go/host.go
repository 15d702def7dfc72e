package zvm

// Host is a ledger: a program's storage, accounts and code. Whatever else it offers it says by having the methods of
// [BatchReader], [Scanner], [Committer], [BlockHasher], [Admitter], [Querier], [Logger] or [Tracer].
//
// A host is asked on the goroutine that made the call, one question at a time per session. It must answer from one stable
// snapshot for the life of a session; the session caches what it read, absence included. An error or a panic ends the
// running call, which returns an [*Error] whose cause it is, and nothing of the call remains.
//
// Keys, requests and candidates that a host is given are the library's and end with the method; what a host
// returns stays its own. A host must not end the goroutine (runtime.Goexit, a test's FailNow): nothing can return
// through the library then, and the process ends.
type Host interface {
	// Get reads a storage entry. An empty value is a value; false is that there is none.
	Get(at Frame, account Address, key []byte) (value []byte, found bool, err error)
	// Account reads an account.
	Account(at Frame, address Address) (account Account, found bool, err error)
	// Code reads the code of this keccak256.
	Code(at Frame, hash Word) (code []byte, found bool, err error)
}

// Committer is a host that takes changes. One that is none can take [Session.Changes] instead.
type Committer interface {
	// Commit takes over all changes, whole or not at all. Every change is absolute: doing the same commit again is
	// harmless. The commit is the host's to keep.
	Commit(at Frame, commit *Commit) error
}

// BatchReader is a host that reads several storage entries at once; others are asked for each.
type BatchReader interface {
	// GetMany fills in Value, Found and Gas of every slot.
	GetMany(at Frame, slots []Slot) error
}

// Scanner is a host that lists storage entries. Without it a contract that asks for the next key fails.
type Scanner interface {
	// Scan yields keys and values of the range in order, until yield says that it has enough.
	Scan(at Frame, account Address, within Range, yield func(key, value []byte) bool) error
}

// BlockHasher is a host that knows the hashes of earlier blocks.
type BlockHasher interface {
	BlockHash(at Frame, number uint64) (hash Word, found bool, err error)
}

// Admitter scores code before it becomes a contract, the higher the better; false refuses it.
type Admitter interface {
	Admit(at Frame, candidate *Candidate) (score uint32, accepted bool, err error)
}

// Querier answers contracts' questions of the program's own kind. It may call other contracts ([Frame.Call]).
type Querier interface {
	Query(at Frame, kind uint32, request []byte) (answer []byte, found bool, err error)
}

// Logger takes lines of text: level 1 is a contract's debug line, 2 information, 3 a warning. Nobody
// waits for it: a panic is dropped.
type Logger interface {
	Log(level uint32, target, message string)
}

// Tracer takes lines of JSON, each with its end, where [Session.Trace] asked for them. They end with the method.
// Nobody waits for it: a panic is dropped.
type Tracer interface {
	Trace(lines []byte)
}

// Account is an account. CodeHash is the keccak256 of its code, zero where it has none; Engine is what the change said
// that set the code, or 0 to let the code decide.
type Account struct {
	Balance  Word
	Nonce    uint64
	CodeHash Word
	Engine   Engine
}

// Slot is one of several entries to read.
type Slot struct {
	Account Address
	Key     []byte
	// To fill in. Gas is asked on top of the schedule's price.
	Value []byte
	Found bool
	Gas   uint64
}

// Range says which keys a scan is to yield.
type Range struct {
	// Start is the first key, included.
	Start []byte
	// End is excluded, where Bounded.
	End     []byte
	Bounded bool
	// Reverse is from the end of the range backwards.
	Reverse bool
	// KeysOnly: values are not needed and may be nil.
	KeysOnly bool
}

// Commit is all writes of a session since its last commit.
type Commit struct {
	// Changes are ordered by account, within one by kind, then by key. Each entry is there once.
	Changes []Change
	// Logs are of the successful calls, in order of emission.
	Logs []Log
	// SessionID says which session of the process commits, Serial which of its commits this is, from 1; a failed
	// one keeps its number when it is tried again.
	SessionID, Serial uint64
}

// Candidate is code about to become a contract.
type Candidate struct {
	Code              []byte
	CodeHash          Word
	Creator, Contract Address
	Engine            Engine
}
