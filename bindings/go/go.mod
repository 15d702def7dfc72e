module zvm

go 1.21
