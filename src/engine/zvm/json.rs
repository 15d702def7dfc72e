//! Whether bytes are JSON (RFC 8259). Nothing is kept of it: the ABI is the embedder's to read.

/// Open arrays and objects at most.
const DEPTH: usize = 64;

/// Checks one JSON text.
///
/// # Errors
/// Where it stops being JSON.
pub(super) fn check(bytes: &[u8]) -> Result<(), String> {
    let text =
        std::str::from_utf8(bytes).map_err(|error| format!("not UTF-8 at byte {}", error.valid_up_to()))?;
    let mut reader = Reader { bytes: text.as_bytes(), at: 0 };
    let done = reader.text();
    done.ok_or_else(|| format!("at byte {}", reader.at))
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

/// What a bracket opened.
#[derive(Clone, Copy, PartialEq)]
enum Open {
    Array,
    Object,
}

impl Reader<'_> {
    /// One value with nothing behind it: values until no bracket is open any more.
    fn text(&mut self) -> Option<()> {
        let mut open = Vec::new();
        loop {
            match self.opened() {
                None => self.scalar()?,
                Some(_) if open.len() == DEPTH => return None,
                Some(bracket) if self.closed(bracket) => {}
                Some(bracket) => {
                    open.push(bracket);
                    if bracket == Open::Object {
                        self.name()?;
                    }
                    continue;
                }
            }
            while let Some(&bracket) = open.last() {
                if !self.closed(bracket) {
                    break;
                }
                open.pop();
            }
            match open.last() {
                None => {
                    self.blank();
                    return (self.at == self.bytes.len()).then_some(());
                }
                Some(bracket) => {
                    self.sign(b',')?;
                    if *bracket == Open::Object {
                        self.name()?;
                    }
                }
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn blank(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn sign(&mut self, sign: u8) -> Option<()> {
        self.blank();
        (self.peek()? == sign).then(|| self.at += 1)
    }

    fn opened(&mut self) -> Option<Open> {
        match self.sign(b'[') {
            Some(()) => Some(Open::Array),
            None => self.sign(b'{').map(|()| Open::Object),
        }
    }

    fn closed(&mut self, bracket: Open) -> bool {
        self.sign(if bracket == Open::Array { b']' } else { b'}' }).is_some()
    }

    /// A member's name and its colon.
    fn name(&mut self) -> Option<()> {
        self.blank();
        self.string()?;
        self.sign(b':')
    }

    fn scalar(&mut self) -> Option<()> {
        match self.peek()? {
            b'"' => self.string(),
            b'-' | b'0'..=b'9' => self.number(),
            _ => ["true", "false", "null"].iter().find_map(|word| {
                let found = self.bytes[self.at..].starts_with(word.as_bytes());
                found.then(|| self.at += word.len())
            }),
        }
    }

    fn string(&mut self) -> Option<()> {
        (self.peek()? == b'"').then(|| self.at += 1)?;
        loop {
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => return Some(()),
                b'\\' => self.escape()?,
                0..=0x1f => return None,
                _ => {}
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => (0..4).try_for_each(|_| {
                let digit = self.peek()?;
                digit.is_ascii_hexdigit().then(|| self.at += 1)
            }),
            _ => None,
        }
    }

    fn number(&mut self) -> Option<()> {
        self.at += usize::from(self.peek()? == b'-');
        match self.peek()? {
            b'0' => self.at += 1,
            _ => self.digits()?,
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let before = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        (self.at > before).then_some(())
    }
}
