// Compiles Solidity: `node compile.js MODULES OUT FILE.sol...` writes OUT/<file>.evm, the initcode of the contract that has
// the file's name. MODULES is the folder of npm's packages, with the compiler and what the sources import.
"use strict";

const fs = require("fs");
const path = require("path");

const [modules, out, ...files] = process.argv.slice(2);
const solc = require(path.resolve(modules, "solc"));

// Without the hash of the sources at the end of the code: a comment in one would change it.
const settings = {
    evmVersion: "cancun",
    optimizer: { enabled: true, runs: 200 },
    metadata: { appendCBOR: false },
    outputSelection: { "*": { "*": ["evm.bytecode.object"] } },
};

function found(name) {
    const file = path.join(modules, name);
    return fs.existsSync(file) ? { contents: fs.readFileSync(file, "utf8") } : { error: "not found" };
}

function compile(file) {
    const name = path.basename(file, ".sol");
    const sources = { [name]: { content: fs.readFileSync(file, "utf8") } };
    const input = JSON.stringify({ language: "Solidity", sources, settings });
    const output = JSON.parse(solc.compile(input, { import: found }));
    const errors = output.errors ?? [];
    errors.forEach((error) => console.error(error.formattedMessage));
    const same = (contract) => contract.toLowerCase() === name;
    const contract = Object.keys(output.contracts?.[name] ?? {}).find(same);
    if (errors.length > 0 || !contract) throw new Error(`${file}: no contract`);
    const code = Buffer.from(output.contracts[name][contract].evm.bytecode.object, "hex");
    fs.mkdirSync(out, { recursive: true });
    fs.writeFileSync(path.join(out, `${name}.evm`), code);
}

files.forEach(compile);
