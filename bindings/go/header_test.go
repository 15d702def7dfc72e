package zvm

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Every number and function of the header is used somewhere in this package; that each is used as it is declared, and
// that no entry of a table is left without a counterpart, the C compiler says.
func TestNothingOfTheHeaderIsForgotten(t *testing.T) {
	header := string(must(os.ReadFile(filepath.Join(root, "include", "zvm.h"))))
	header = regexp.MustCompile(`(?s)/\*.*?\*/`).ReplaceAllString(header, "")
	ours := ""
	for _, pattern := range []string{"*.go", "*.c"} {
		for _, name := range must(filepath.Glob(pattern)) {
			if !strings.HasSuffix(name, "_test.go") {
				ours += string(must(os.ReadFile(name)))
			}
		}
	}
	// What a binding for Go has no use for: the compiler knows the ABI, callbacks return what they say, handles are
	// shared as Go shares anything.
	unused := map[string]bool{
		"ZVM_H": true, "ZVM_BEGIN": true, "ZVM_END": true, "ZVM_API": true, "ZVM_ABI_MAJOR": true, "ZVM_ABI_MINOR": true,
		"ZVM_TABLE_ANSWER_IN_OP": true,
		"zvm_abi_version":        true, "zvm_runtime_clone": true, "zvm_code_clone": true, "zvm_interrupt_clone": true,
	}
	named := regexp.MustCompile(`(?m)^#define (ZVM_\w+)|\b(zvm_\w+)\(`).FindAllStringSubmatch(header, -1)
	if len(named) < 100 {
		t.Fatalf("only %d names in the header", len(named))
	}
	for _, names := range named {
		name := names[1] + names[2]
		if used := regexp.MustCompile(`\b` + name + `\b`).MatchString(ours); used == unused[name] {
			t.Errorf("%s: used is %v", name, used)
		}
	}
}
