//! JSON as the files have it: fields in the order of the format, a value on one line where it fits.

use std::fmt::Write;

/// Columns of a line.
const WIDTH: usize = 120;

#[derive(Clone, Debug)]
pub(crate) enum Json {
    Bool(bool),
    Number(u64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(crate) fn bytes(bytes: &[u8]) -> Self {
        Self::Text(hex(bytes))
    }

    /// The text of a file.
    pub(crate) fn file(&self) -> String {
        let mut out = String::new();
        self.print(&mut out, 0);
        out.push('\n');
        out
    }

    fn print(&self, out: &mut String, indent: usize) {
        let used = out.len() - out.rfind('\n').map_or(0, |at| at + 1);
        let flat = self.flat();
        // One column is left for a comma.
        if used + flat.len() < WIDTH || matches!(self, Self::Bool(_) | Self::Number(_) | Self::Text(_)) {
            out.push_str(&flat);
            return;
        }
        let line = |out: &mut String, first: bool, indent: usize| {
            out.push_str(if first { "\n" } else { ",\n" });
            out.push_str(&" ".repeat(indent));
        };
        match self {
            Self::List(items) => {
                out.push('[');
                for (at, item) in items.iter().enumerate() {
                    line(out, at == 0, indent + 2);
                    item.print(out, indent + 2);
                }
            }
            Self::Object(fields) => {
                out.push('{');
                for (at, (name, value)) in fields.iter().enumerate() {
                    line(out, at == 0, indent + 2);
                    write!(out, "{}: ", quoted(name)).expect("a string");
                    value.print(out, indent + 2);
                }
            }
            Self::Bool(_) | Self::Number(_) | Self::Text(_) => {}
        }
        line(out, true, indent);
        out.push(if matches!(self, Self::List(_)) { ']' } else { '}' });
    }

    fn flat(&self) -> String {
        match self {
            Self::Bool(value) => value.to_string(),
            Self::Number(value) => value.to_string(),
            Self::Text(text) => quoted(text),
            Self::List(items) if items.is_empty() => "[]".into(),
            Self::Object(fields) if fields.is_empty() => "{}".into(),
            Self::List(items) => format!("[{}]", items.iter().map(Self::flat).collect::<Vec<_>>().join(", ")),
            Self::Object(fields) => {
                let fields: Vec<_> = fields
                    .iter()
                    .map(|(name, value)| format!("{}: {}", quoted(name), value.flat()))
                    .collect();
                format!("{{ {} }}", fields.join(", "))
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// Lower-case hex with `0x`.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::from("0x"), |mut text, byte| {
        write!(text, "{byte:02x}").expect("a string");
        text
    })
}

/// The bytes of lower-case hex with `0x`.
pub(crate) fn bytes(text: &str) -> Result<Vec<u8>, String> {
    let digits = text.strip_prefix("0x").ok_or_else(|| format!("{text:?} does not begin with 0x"))?;
    let lower = digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
    if !lower || digits.len() % 2 != 0 {
        return Err(format!("{text:?} is not lower-case hex of whole bytes"));
    }
    let pair = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).expect("two digits");
    Ok((0..digits.len()).step_by(2).map(pair).collect())
}
