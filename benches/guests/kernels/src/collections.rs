//! Collections: a sort in place, and an ordered map.

use std::collections::BTreeMap;

use super::Numbers;

fn sort(values: &mut [u32]) {
    if values.len() < 12 {
        for end in 1..values.len() {
            let mut at = end;
            while at > 0 && values[at - 1] > values[at] {
                values.swap(at - 1, at);
                at -= 1;
            }
        }
        return;
    }
    let pivot = values[values.len() / 2];
    let (mut low, mut high) = (0, values.len() - 1);
    loop {
        while values[low] < pivot {
            low += 1;
        }
        while values[high] > pivot {
            high -= 1;
        }
        if low >= high {
            break;
        }
        values.swap(low, high);
        (low, high) = (low + 1, high - 1);
    }
    let (left, right) = values.split_at_mut(low);
    sort(left);
    sort(right);
}

#[unsafe(no_mangle)]
extern "C" fn quicksort(rounds: u32, seed: u32) -> u32 {
    let mut numbers = Numbers::from(seed);
    let mut values = vec![0; 4096];
    let mut sum = 0_u32;
    for _ in 0..rounds {
        values.fill_with(|| numbers.next());
        sort(&mut values);
        assert!(values.is_sorted());
        sum = values.iter().step_by(64).fold(sum, |sum, value| sum.rotate_left(5) ^ value);
    }
    sum
}

#[unsafe(no_mangle)]
extern "C" fn btree_map(rounds: u32, seed: u32) -> u32 {
    let mut numbers = Numbers::from(seed);
    let mut sum = 0_u32;
    for _ in 0..rounds {
        let mut map = BTreeMap::new();
        for _ in 0..1000 {
            let number = numbers.next();
            *map.entry(number % 2048).or_insert(0_u32) += number >> 16;
        }
        for _ in 0..1000 {
            let number = numbers.next();
            match number % 3 {
                0 => sum = sum.wrapping_add(map.remove(&(number % 2048)).unwrap_or(1)),
                _ => sum = sum.wrapping_add(map.get(&(number % 2048)).copied().unwrap_or(2)),
            }
        }
        sum = map.range(100..300).fold(sum, |sum, (key, value)| sum.rotate_left(3) ^ key ^ value);
    }
    sum
}
