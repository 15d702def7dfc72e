//! A scan of a JSON text: structure, strings with escapes, numbers.

use super::Numbers;

fn text(numbers: &mut Numbers) -> Vec<u8> {
    let mut text = vec![b'['];
    for _ in 0..200 {
        let (id, amount) = (numbers.next(), numbers.next());
        let line = format!(
            r#"{{"id": {id}, "to": "acc\u0041\"{amount:x}\"", "tags": [true, null, -{}]}}, "#,
            id % 97
        );
        text.extend_from_slice(line.as_bytes());
    }
    text.extend_from_slice(b"0]");
    text
}

/// Walks the text once: its deepest nesting, its strings' bytes, the sum of its digits.
fn scan(text: &[u8]) -> u32 {
    let (mut depth, mut deepest, mut in_strings, mut digits) = (0_u32, 0, 0_u32, 0_u32);
    let mut rest = text.iter();
    while let Some(byte) = rest.next() {
        match byte {
            b'{' | b'[' => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b'}' | b']' => depth -= 1,
            b'0'..=b'9' => digits = digits.wrapping_mul(31).wrapping_add(u32::from(byte - b'0')),
            b'"' => loop {
                match rest.next() {
                    None | Some(b'"') => break,
                    Some(b'\\') => {
                        rest.next();
                        in_strings += 2;
                    }
                    Some(_) => in_strings += 1,
                }
            },
            _ => {}
        }
    }
    assert!(depth == 0);
    digits ^ in_strings << 8 ^ deepest
}

#[unsafe(no_mangle)]
extern "C" fn json_scan(rounds: u32, seed: u32) -> u32 {
    let mut text = text(&mut Numbers::from(seed));
    let mut sum = 0_u32;
    for round in 0..rounds as usize {
        sum = sum.rotate_left(7) ^ scan(&text);
        // The text of the next round depends on this one.
        let at = text.len() - 2;
        text[at] = b'0' + (sum as usize ^ round) as u8 % 10;
    }
    sum
}
