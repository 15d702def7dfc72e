//! Arithmetic: a recursion, a product of matrices, a sieve, wide multiplication.

use ruint::aliases::U256;

use super::Numbers;

fn fibonacci(n: u32) -> u32 {
    if n < 2 { n } else { fibonacci(n - 1).wrapping_add(fibonacci(n - 2)) }
}

#[unsafe(no_mangle)]
extern "C" fn fib(rounds: u32, seed: u32) -> u32 {
    (0..rounds).fold(0, |sum, _| sum.wrapping_mul(3).wrapping_add(fibonacci(20 + (sum ^ seed) % 2)))
}

const SIDE: usize = 48;
type Matrix = [[u32; SIDE]; SIDE];

fn product(a: &Matrix, b: &Matrix, out: &mut Matrix) {
    for (row, out) in a.iter().zip(out) {
        for (column, cell) in out.iter_mut().enumerate() {
            *cell =
                row.iter().zip(b).fold(0, |sum, (x, line)| x.wrapping_mul(line[column]).wrapping_add(sum));
        }
    }
}

/// Every cell of the product goes into the next factor, and into the result.
#[unsafe(no_mangle)]
extern "C" fn matrix(rounds: u32, seed: u32) -> u32 {
    let mut numbers = Numbers::from(seed);
    let (mut a, mut b, mut c) = ([[0; SIDE]; SIDE], [[0; SIDE]; SIDE], [[0; SIDE]; SIDE]);
    a.as_flattened_mut().fill_with(|| numbers.next());
    b.as_flattened_mut().fill_with(|| numbers.next());
    for _ in 0..rounds {
        product(&a, &b, &mut c);
        (a, c) = (c, a);
    }
    a.as_flattened().iter().fold(0, |sum, cell| sum.rotate_left(1) ^ cell)
}

#[unsafe(no_mangle)]
extern "C" fn sieve(rounds: u32, seed: u32) -> u32 {
    const SIZE: usize = 1 << 16;
    let mut primes = 0;
    for round in 0..rounds {
        // The size depends on the round and the seed, so that no round can be another's.
        let size = SIZE - ((seed ^ round) % 64) as usize;
        let mut composite = vec![false; size];
        for number in 2..size {
            if !composite[number] {
                primes += 1;
                for multiple in (number * number..size).step_by(number) {
                    composite[multiple] = true;
                }
            }
        }
    }
    primes
}

#[unsafe(no_mangle)]
extern "C" fn u256_multiply(rounds: u32, seed: u32) -> u32 {
    let mut numbers = Numbers::from(seed);
    let mut draw =
        || U256::from_limbs([(); 4].map(|()| u64::from(numbers.next()) << 32 | u64::from(numbers.next())));
    let (mut x, y) = (draw(), draw());
    for _ in 0..rounds {
        x = x.wrapping_mul(y).wrapping_add(y) ^ (x >> 64);
    }
    x.as_limbs().iter().fold(0, |sum, limb| sum ^ (limb ^ (limb >> 32)) as u32)
}
