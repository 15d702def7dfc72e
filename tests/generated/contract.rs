//! include/zvm_contract.h, and what contracts in other languages declare by hand: all held to
//! the one table of host functions.

use std::fmt::Write;

use zvm::host::table::{ROWS, Returns, Row};

const HEAD: &str = "\
/*
 What a zvm contract written in C or C++ may call. Generated from the table of host functions;
 do not edit.

 Regions are a pointer and a length; addresses have 20 bytes, words 32, big-endian. A region
 outside the memory, a length over its limit or a write in a static call ends the contract.
 A function with an answer of variable size returns its full length and writes it only if it fits.
 Not to be included together with zvm.h.
 */
#ifndef ZVM_CONTRACT_H
#define ZVM_CONTRACT_H

#include <stdint.h>

#ifdef __cplusplus
extern \"C\" {
#endif

/* Exports the function that follows as an entry: void f(void) or int32_t f(void). */
#define ZVM_ENTRY(name) __attribute__((export_name(#name)))

/* Puts a file of ABI metadata into the code as the custom section zvm.abi. */
#define ZVM_CONTRACT_ABI(file) \\
  __asm__(\".section .custom_section.zvm.abi,\\\"\\\",@\\n.incbin \\\"\" file \"\\\"\\n\")

#define ZVM_IMPORT(name) __attribute__((import_module(\"zvm\"), import_name(#name))) extern

";

#[test]
fn the_contract_header_is_what_the_table_says() {
    let mut out = HEAD.to_owned();
    for row in ROWS {
        writeln!(out, "/* {} */\n{}\n", row.sentence, declaration(row)).expect("text");
    }
    out += "#ifdef __cplusplus\n}\n#endif\n\n#endif\n";
    super::held("include/zvm_contract.h", &out);
}

fn declaration(row: &Row) -> String {
    let (noreturn, result) = match row.returns {
        Returns::None => ("", "void"),
        Returns::Never => ("__attribute__((noreturn)) ", "void"),
        Returns::Int32 if row.name.ends_with("_size") => ("", "uint32_t"),
        Returns::Int32 => ("", "int32_t"),
        Returns::Int64 => ("", "uint64_t"),
    };
    let slots = row.arguments.iter().flat_map(|argument| {
        argument.slots.iter().map(|slot| format!("{}{}{}", slot.c, argument.name, slot.suffix))
    });
    let parameters: Vec<String> = slots.collect();
    let parameters = if parameters.is_empty() { "void".to_owned() } else { parameters.join(", ") };
    format!("ZVM_IMPORT({0}) {noreturn}{result} zvm_{0}({parameters});", row.name)
}
