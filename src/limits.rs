//! Sizes and counts that bound hostile code and input. Protocol parameters: all of them are
//! in the runtime's fingerprint, and each is enforced before its subject is stored or run.

/// Declares [`Limits`] once: field, default, meaning.
macro_rules! limits {
    ($($(#[$doc:meta])+ $field:ident: $type:ty = $default:expr;)+) => {
        /// The limits of a runtime. Figures that guests can reach are tested at -1, 0 and +1.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct Limits { $($(#[$doc])+ pub $field: $type,)+ }

        impl Default for Limits {
            fn default() -> Self { Self { $($field: $default,)+ } }
        }

        impl Limits {
            /// Every limit by name, in order of declaration: what the fingerprint hashes.
            #[must_use]
            pub fn figures(&self) -> Vec<(&'static str, u64)> {
                vec![$((stringify!($field), self.$field as u64),)+]
            }

            /// Sets a limit by name; false where there is none of this name or the figure does
            /// not fit it.
            pub fn set(&mut self, name: &str, figure: u64) -> bool {
                match name {
                    $(stringify!($field) => <$type>::try_from(figure).map(|figure| self.$field = figure).is_ok(),)+
                    _ => false,
                }
            }
        }
    };
}

limits! {
    /// Bytes of a module. Compile time is linear in it.
    module_bytes: u32 = 1 << 20;
    /// Bytes of a module after instrumentation.
    instrumented_bytes: u32 = 4 << 20;
    /// Functions of a module, its imports not counted.
    functions: u32 = 10_000;
    /// Functions above which the average body must have at least 8 bytes.
    small_functions: u32 = 1_000;
    /// Parameters of one function.
    params: u32 = 32;
    /// Parameters of all functions together.
    total_params: u32 = 10_000;
    /// Locals of one function, parameters included.
    locals: u32 = 1_024;
    /// Locals of all functions together, parameters included.
    total_locals: u32 = 50_000;
    /// Bytes of one function body.
    body_bytes: u32 = 128 << 10;
    /// Operators of one function body.
    body_ops: u32 = 65_536;
    /// Values on the operand stack of one function.
    operands: u32 = 1_024;
    /// Nested blocks in one function.
    nesting: u32 = 1_024;
    /// Targets of one br_table.
    br_table_targets: u32 = 4_096;
    /// Targets of all br_tables together.
    total_br_table_targets: u32 = 16_384;
    /// Types of a module.
    types: u32 = 1_024;
    /// Globals of a module.
    globals: u32 = 256;
    /// Imports of a module.
    imports: u32 = 64;
    /// Exports of a module.
    exports: u32 = 128;
    /// Bytes of an export's name.
    name_bytes: u32 = 64;
    /// Entries of the table.
    table_entries: u32 = 4_096;
    /// Data segments.
    data_segments: u32 = 256;
    /// Element segments.
    element_segments: u32 = 64;
    /// Custom sections.
    custom_sections: u32 = 64;
    /// Bytes of a custom section whose name begins with `zvm.`.
    zvm_section_bytes: u32 = 64 << 10;
    /// Pages of 64 KiB a module may begin with.
    initial_pages: u32 = 64;
    /// Pages of 64 KiB one instance may have.
    max_pages: u32 = 256;
    /// Pages of 64 KiB all live frames of a call may have together.
    total_pages: u32 = 1_024;
    /// Bytes of memory that EVM frames called from one place outside may have together. Ethereum has no such
    /// limit: its blocks' gas ends sooner.
    evm_memory_bytes: u64 = 2 << 30;
    /// Words of counted stack of one WASM frame of a contract; a function takes at least
    /// [`Limits::frame_words`] of them.
    stack_words: u32 = 32_768;
    /// The least a function takes of the counted stack, so that at most
    /// `stack_words / frame_words` functions are active.
    frame_words: u32 = 32;
    /// Nested calls between contracts.
    call_depth: u32 = 64;
    /// Bytes of a storage key.
    key_bytes: u32 = 256;
    /// Bytes of a storage value.
    value_bytes: u32 = 64 << 10;
    /// Storage entries and accounts that the host functions of one transaction may touch.
    journal_keys: u32 = 10_000;
    /// Bytes of keys and values one transaction may touch.
    journal_bytes: u32 = 16 << 20;
    /// Events of a transaction.
    events: u32 = 128;
    /// Bytes of one event's data.
    event_bytes: u32 = 8 << 10;
    /// Bytes of all events' data of a transaction.
    total_event_bytes: u32 = 64 << 10;
    /// Bytes of one debug line; a longer one is cut.
    debug_bytes: u32 = 2 << 10;
    /// Bytes of all debug lines of a transaction; what is over is dropped.
    total_debug_bytes: u32 = 16 << 10;
    /// Bytes of a call's input.
    input_bytes: u32 = 128 << 10;
    /// Bytes of a call's output.
    output_bytes: u32 = 64 << 10;
    /// Bytes of a revert's data.
    revert_bytes: u32 = 4 << 10;
    /// Bytes of a message that is hashed or verified.
    message_bytes: u32 = 128 << 10;
    /// Bytes of a signature, a public key, a ciphertext or a context.
    signature_bytes: u32 = 8 << 10;
    /// Signatures or keys of one host function.
    signatures: u32 = 64;
    /// Gas of one call.
    gas: u64 = 1_000_000_000_000_000;
}
