//! Lines to statements.

use ruint::aliases::U256;

use super::{AssemblyError, Place};
use crate::engine::zvm::container::Target;
use crate::engine::zvm::opcode::Opcode;
use crate::engine::zvm::program::host_function;
use crate::host::table::HostFunction;

type Result<T> = std::result::Result<T, AssemblyError>;

pub(super) struct Statement<'t> {
    pub(super) place: Place,
    pub(super) what: What<'t>,
}

pub(super) enum What<'t> {
    Label(&'t str),
    /// An instruction whose immediate, if it has one, is known, or is a name that must fit it.
    Instruction(Opcode, Option<Operand<'t>>),
    /// PUSH of whatever width.
    Push(Operand<'t>),
    Bytes(Vec<u8>),
    Data(&'t str, Vec<u8>),
    Target(Target),
    Strict,
}

#[derive(Clone, Copy)]
pub(super) enum Operand<'t> {
    Number(U256),
    /// Where a label or data are.
    Where(&'t str, Place),
    /// How long data are.
    Size(&'t str, Place),
}

/// A word of a line, or a text in quotes.
#[derive(Clone, Copy)]
struct Token<'t> {
    place: Place,
    text: &'t str,
    quoted: bool,
}

impl Token<'_> {
    fn error(&self, message: impl Into<String>) -> AssemblyError {
        self.place.error(message)
    }
}

pub(super) fn scan(text: &str) -> Result<Vec<Statement<'_>>> {
    let mut statements = Vec::new();
    for (line, text) in (1..).zip(text.lines()) {
        let tokens = tokens(line, text)?;
        let mut rest = &tokens[..];
        while let [label, others @ ..] = rest {
            let Some(name) = label.text.strip_suffix(':').filter(|_| !label.quoted) else { break };
            check_name(label, name)?;
            statements.push(Statement { place: label.place, what: What::Label(name) });
            rest = others;
        }
        if let [first, operands @ ..] = rest {
            statements.push(Statement { place: first.place, what: statement(first, operands)? });
        }
    }
    Ok(statements)
}

fn tokens(line: u32, text: &str) -> Result<Vec<Token<'_>>> {
    let mut tokens = Vec::new();
    let mut letters = text.char_indices().zip(1u32..).peekable();
    while let Some(((at, letter), column)) = letters.next() {
        let place = Place { line, column };
        match letter {
            ';' => break,
            _ if letter.is_whitespace() => {}
            '"' => {
                let end = letters.find(|((_, letter), _)| *letter == '"');
                let ((end, _), _) =
                    end.ok_or_else(|| place.error("the text in quotes does not end on its line"))?;
                tokens.push(Token { place, text: &text[at + 1..end], quoted: true });
            }
            _ => {
                let ends = |letter: char| letter.is_whitespace() || matches!(letter, ';' | '"');
                while letters.next_if(|((_, letter), _)| !ends(*letter)).is_some() {}
                let end = letters.peek().map_or(text.len(), |((end, _), _)| *end);
                tokens.push(Token { place, text: &text[at..end], quoted: false });
            }
        }
    }
    Ok(tokens)
}

fn statement<'t>(first: &Token<'t>, operands: &[Token<'t>]) -> Result<What<'t>> {
    if first.quoted {
        return Err(first.error("a text in quotes stands in .data only"));
    }
    if first.text.starts_with('.') {
        return directive(first, operands);
    }
    if first.text.eq_ignore_ascii_case("push") {
        return Ok(What::Push(operand(only(first, operands)?)?));
    }
    let opcode = Opcode::named(first.text).ok_or_else(|| first.error(unknown(first.text)))?;
    let immediate = match (opcode, operands) {
        (Opcode::HOST, operands) => Some(Operand::Number(function(only(first, operands)?)?)),
        (_, []) if opcode.row().immediate == 0 => None,
        (_, [extra, ..]) if opcode.row().immediate == 0 => {
            return Err(extra.error(format!("{opcode} has no operand: it takes everything off the stack")));
        }
        (_, operands) => Some(operand(only(first, operands)?)?),
    };
    Ok(What::Instruction(opcode, immediate))
}

fn directive<'t>(first: &Token<'t>, operands: &[Token<'t>]) -> Result<What<'t>> {
    match (first.text, operands) {
        (".strict", []) => Ok(What::Strict),
        (".target", [target]) => match target.text {
            "native" => Ok(What::Target(Target::Native)),
            "evm" => Ok(What::Target(Target::Evm)),
            _ => Err(target.error("the target is native or evm")),
        },
        (".byte", [_, ..]) => operands.iter().map(byte).collect::<Result<_>>().map(What::Bytes),
        (".data", [name, values @ ..]) if !values.is_empty() => {
            check_name(name, name.text)?;
            let parts = values.iter().map(data).collect::<Result<Vec<_>>>()?;
            Ok(What::Data(name.text, parts.concat()))
        }
        (".strict", [extra, ..]) => Err(extra.error(".strict has no operand")),
        (".target" | ".byte" | ".data", _) => Err(first.error(format!("{} lacks its operands", first.text))),
        _ => Err(first.error(format!("there is no directive {}", first.text))),
    }
}

fn only<'a, 't>(first: &Token<'t>, operands: &'a [Token<'t>]) -> Result<&'a Token<'t>> {
    match operands {
        [operand] => Ok(operand),
        [] => Err(first.error(format!("{} lacks its operand", first.text))),
        [_, extra, ..] => Err(extra.error(format!("{} has one operand", first.text))),
    }
}

fn operand<'t>(token: &Token<'t>) -> Result<Operand<'t>> {
    if token.text.starts_with(|letter: char| letter.is_ascii_digit()) {
        return number(token).map(Operand::Number);
    }
    match token.text.strip_suffix(".size") {
        Some(name) => check_name(token, name).map(|()| Operand::Size(name, token.place)),
        None => check_name(token, token.text).map(|()| Operand::Where(token.text, token.place)),
    }
}

fn number(token: &Token<'_>) -> Result<U256> {
    let (digits, base) = match token.text.strip_prefix("0x") {
        Some(digits) => (digits, 16),
        None => (token.text, 10),
    };
    let digits: String = digits.chars().filter(|digit| *digit != '_').collect();
    let valid = !token.quoted && !digits.is_empty() && digits.chars().all(|digit| digit.is_digit(base));
    let number = U256::from_str_radix(&digits, base.into()).ok().filter(|_| valid);
    number.ok_or_else(|| token.error(format!("{} is no number below 2^256", token.text)))
}

fn byte(token: &Token<'_>) -> Result<u8> {
    let number = number(token)?;
    u8::try_from(number).map_err(|_| token.error(format!("{} is more than a byte", token.text)))
}

fn data(token: &Token<'_>) -> Result<Vec<u8>> {
    if token.quoted {
        return Ok(token.text.as_bytes().to_vec());
    }
    let digits = token.text.strip_prefix("0x").unwrap_or_default().as_bytes();
    let pairs = digits.chunks(2).map(|pair| match pair {
        [high, low] => Some((digit(*high)? << 4 | digit(*low)?) as u8),
        _ => None,
    });
    let bytes = pairs.collect::<Option<Vec<u8>>>().filter(|bytes| !bytes.is_empty());
    bytes.ok_or_else(|| token.error("data are a text in quotes, or 0x and an even number of digits"))
}

fn digit(letter: u8) -> Option<u32> {
    char::from(letter).to_digit(16)
}

fn function(token: &Token<'_>) -> Result<U256> {
    let found = match token.text.starts_with(|letter: char| letter.is_ascii_digit()) {
        true => host_function(&number(token)?.to_be_bytes::<32>()[28..]).filter(|_| token.text.len() < 10),
        false => HostFunction::by_name(token.text),
    };
    let found = found.ok_or_else(|| token.error(format!("there is no host function {}", token.text)))?;
    Ok(U256::from(found.row().number))
}

fn check_name(token: &Token<'_>, name: &str) -> Result<()> {
    let mut letters = name.chars();
    let begins = letters.next().is_some_and(|letter| letter.is_ascii_alphabetic() || letter == '_');
    let goes_on = letters.all(|letter| letter.is_ascii_alphanumeric() || letter == '_');
    let valid = begins && goes_on && !token.quoted;
    valid.then_some(()).ok_or_else(|| token.error(format!("{name} is no name")))
}

/// What to say of a mnemonic that is none.
fn unknown(mnemonic: &str) -> String {
    let upper = mnemonic.to_ascii_uppercase();
    let width = |prefix: &str| upper.strip_prefix(prefix)?.parse::<u32>().ok();
    if width("PUSH").is_some() {
        return format!("there is no {upper}: PUSH comes with 1, 2, 4, 8, 16 or 32 bytes");
    }
    for name in ["DUP", "SWAP"] {
        if width(name).is_some() {
            return format!("there is no {upper}: {name} goes from {name}1 to {name}4");
        }
    }
    format!("there is no instruction {mnemonic}")
}
