package zvm

import (
	"bytes"
	"encoding/hex"
	"strings"
	"testing"
)

func unhex(text string) []byte { return must(hex.DecodeString(text)) }

// RFC 8032, 7.1, test 2.
var (
	rfcKey       = unhex("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c")
	rfcSignature = unhex("92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" +
		"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00")
)

func TestASignatureIsJudged(t *testing.T) {
	for _, it := range []struct {
		message, key []byte
		want         Verdict
	}{
		{[]byte{0x72}, rfcKey, VerdictValid},
		{[]byte{0x73}, rfcKey, VerdictInvalid},
		{[]byte{0x72}, rfcKey[1:], VerdictNoKey},
	} {
		if have := must(Verify(AlgorithmEd25519, it.message, rfcSignature, it.key, nil)); have != it.want {
			t.Errorf("%x under %x: %d, not %d", it.message, it.key, have, it.want)
		}
	}
	for need, want := range map[uint32]Verdict{0: VerdictInvalid, 1: VerdictValid, 2: VerdictInvalid} {
		// The same key twice is one key.
		twice := func(b []byte) []byte { return bytes.Repeat(b, 2) }
		if have := must(VerifyThreshold(AlgorithmEd25519, need, []byte{0x72}, twice(rfcSignature), twice(rfcKey))); have != want {
			t.Errorf("%d needed: %d", need, have)
		}
	}
	if have := must(VerifySameMessage(Word{}, make([]byte, 96), make([]byte, 48))); have != VerdictNoKey {
		t.Errorf("a key of zeros: %d", have)
	}
	if have := must(VerifyAggregate(nil, make([]byte, 96), nil)); have != VerdictInvalid {
		t.Errorf("no keys: %d", have)
	}
}

// A call as docs/transactions.md has it, with the key of above and without a signature.
func unsigned() []byte {
	word := func(last string) string { return "5820" + strings.Repeat("00", 31) + last }
	body := "a800" + word("09") + "0101021a05f5e10003" + word("03") + "04" + word("05") + "05400654" +
		strings.Repeat("07", 20) + "0760"
	return unhex("84" + body + "015820" + hex.EncodeToString(rfcKey) + "4103")
}

func TestATransactionIsReadAndRefused(t *testing.T) {
	read := must(DecodeTransaction(unsigned()))
	if read.Deploys || read.Nonce != 1 || read.GasLimit != 100_000_000 || read.Value != Amount(5) || read.Salt != nil {
		t.Errorf("%+v", read)
	}
	if read.Sender != must(KeyAddress(AlgorithmEd25519, rfcKey)) || read.Hash != must(Hash(HashKeccak256, unsigned())) {
		t.Errorf("%+v", read)
	}
	if !bytes.Equal(read.Key, rfcKey) || !bytes.Equal(read.Signature, []byte{3}) || read.Target != (Address(bytes.Repeat([]byte{7}, 20))) {
		t.Errorf("%+v", read)
	}
	if _, err := DecodeTransaction(append(unsigned(), 0)); err.(*Error).Status != StatusTransactionFormat {
		t.Error(err)
	}
	runtime := must(NewRuntime(Config{}))
	defer runtime.Close()
	store := must(NewStore())
	defer store.Close()
	session := must(runtime.NewSession(Params{Store: store}))
	defer session.Close()
	if err := session.Check(unsigned()); err.(*Error).Status != StatusSignature {
		t.Error(err)
	}
	if _, err := session.Run(unsigned(), 0, nil); err.(*Error).Status != StatusSignature {
		t.Error(err)
	}
}

func TestAHashIsTheContracts(t *testing.T) {
	if have := must(Hash(HashKeccak256, nil)).String(); have != "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470" {
		t.Error(have)
	}
	if _, err := Hash(1, nil); err.(*Error).Status != StatusUnsupported {
		t.Error(err)
	}
}

func TestAKeyIsRecovered(t *testing.T) {
	var hash Word
	copy(hash[:], unhex("456e9aea5e197a1f1af7a3e85a3212fa4049a3ba34c2289b4c860fc0b0c64ef3"))
	signature := unhex("9242685bf161793cc25603c231bc2f568eb630ea16aa137d2664ac8038825608" +
		"4f8ae3bd7535248d0bd448298cc2e2071e56992d0774dc340c368ae950852ada1c")
	key, address, found, err := Recover(hash, signature)
	if err != nil || !found || address.String() != "0x7156526fbd7a3c72969b54f64e42c10fbb768c8a" {
		t.Fatal(address, found, err)
	}
	if of := must(KeyAddress(AlgorithmSecp256k1, append([]byte{4}, key[:]...))); of != address {
		t.Error(of)
	}
	if _, err := KeyAddress(AlgorithmSecp256k1, key[:]); err.(*Error).Status != StatusArgument {
		t.Error(err)
	}
	signature[64] = 4
	if _, _, found, _ := Recover(hash, signature); found {
		t.Error("there is no identifier 4")
	}
}
