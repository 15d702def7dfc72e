package zvm

import (
	"errors"
	"testing"
)

// Initcode of a contract that returns the sum of two slots and stores 7 in the third: SLOAD SLOAD ADD, SSTORE, RETURN.
var summing = []byte("\x60\x17\x60\x0c\x60\x00\x39\x60\x17\x60\x00\xf3" +
	"\x60\x01\x54\x60\x02\x54\x01\x60\x07\x60\x03\x55\x60\x00\x52\x60\x20\x60\x00\xf3\x00\x00")

func TestEthereumTransactions(t *testing.T) {
	host := NewMemoryHost()
	host.Accounts[me] = Account{Balance: Amount(1e18)}
	chain := Amount(1)
	block := &Block{GasLimit: 30e6, ChainID: chain, BaseFee: Amount(10), Proposer: Address{0xc0}}
	session := must(newRuntime(t).NewSession(Params{Host: host, Block: block}))
	defer session.Close()
	deploy := EthereumTransaction{Kind: EthereumDynamicFee, Sender: me, ChainID: &chain, GasLimit: 200_000, GasPrice: Amount(20),
		Tip: Amount(1), Input: summing}
	made := must(session.RunEthereum(&deploy))
	if !made.Success() || made.Created == nil {
		t.Fatalf("%+v", made)
	}
	at := *made.Created
	call := EthereumTransaction{Kind: EthereumAccessList, Sender: me, ChainID: &chain, Nonce: 1, GasLimit: 100_000,
		GasPrice: Amount(20), To: &at, AccessList: []Access{{Address: at, Slots: []Word{Amount(1), Amount(2)}}, {Address: me}}}
	done := must(session.RunEthereum(&call))
	// 21000, three entries of the list and their slots, two warm reads, a new slot that is cold.
	if !done.Success() || done.GasUsed < 21000+2*2400+2*1900+200+22100 || done.GasUsed > 52_100 {
		t.Fatalf("%+v", done)
	}
	_, err := session.RunEthereum(&call)
	var rejected *Error
	if !errors.As(err, &rejected) || rejected.Status != StatusRejected || rejected.Reason != RejectionNonceTooLow {
		t.Fatalf("%v", err)
	}
	if err := session.Commit(); err != nil {
		t.Fatal(err)
	}
	tip := made.GasUsed + 10*done.GasUsed
	if got := host.Accounts[Address{0xc0}].Balance; got != Amount(tip) {
		t.Errorf("a tip of %v instead of %d", got, tip)
	}
	key, seven := Amount(3), Amount(7)
	if string(host.Storage[at][string(key[:])]) != string(seven[:]) {
		t.Errorf("%v", host.Storage[at])
	}
}
