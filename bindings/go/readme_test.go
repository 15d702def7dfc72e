package zvm

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// goRun runs a program with the Go that runs this test.
func goRun(t *testing.T, folder string, arguments ...string) string {
	command := exec.Command("go", append([]string{"run"}, arguments...)...)
	command.Dir = folder
	said, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	return string(said)
}

func TestTheQuickStartOfTheReadme(t *testing.T) {
	readme := string(must(os.ReadFile("README.md")))
	found := regexp.MustCompile("(?s)<!-- quick start -->\n```go\n(.*?)```").FindAllStringSubmatch(readme, -1)
	if len(found) != 1 {
		t.Fatalf("%d quick starts", len(found))
	}
	folder, here := t.TempDir(), must(filepath.Abs("."))
	files := map[string]string{
		"main.go":      found[0][1],
		"go.mod":       "module quickstart\n\ngo 1.21\n\nrequire zvm v0.0.0\n\nreplace zvm => " + here + "\n",
		"counter.wasm": string(counter),
	}
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if said := goRun(t, folder, "."); said != "the counter says 1\n" {
		t.Fatal(said)
	}
}

func TestTheCounterExample(t *testing.T) {
	said := goRun(t, ".", "./examples/counter", filepath.Join(root, "build", "contracts", "c", "counter.wasm"))
	if !regexp.MustCompile(`^the counter at 0x[0-9a-f]{40} says 42, for \d+ gas\ncommitted:\n`).MatchString(said) ||
		!strings.Contains(said, "count 42\n") {
		t.Fatal(said)
	}
}
