//! Chance that is the same every time: SplitMix64 (Steele, Lea, Flood 2014,
//! "Fast Splittable Pseudorandom Number Generators").

/// A seeded source of choices.
pub struct Dice(u64);

impl Dice {
    /// Dice that fall the same way for the same seed.
    pub fn new(seed: u64) -> Self {
        Dice(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 up to, not including, `n`.
    pub fn below(&mut self, n: i64) -> i64 {
        i64::try_from(self.next() % u64::try_from(n.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    /// An index into `len` things.
    pub fn index(&mut self, len: usize) -> usize {
        usize::try_from(self.next() % (len.max(1) as u64)).unwrap_or(0)
    }

    /// One of several.
    pub fn pick<'a, T>(&mut self, of: &'a [T]) -> &'a T {
        &of[self.index(of.len())]
    }

    /// One of several by weight.
    pub fn weighted<'a, T>(&mut self, of: &'a [T], weight: impl Fn(&T) -> u32) -> &'a T {
        let total: u32 = of.iter().map(&weight).sum();
        let mut at = self.below(i64::from(total));
        for thing in of {
            at -= i64::from(weight(thing));
            if at < 0 {
                return thing;
            }
        }
        &of[0]
    }

    /// `n` different indices into `len` things.
    pub fn several(&mut self, len: usize, n: usize) -> Vec<usize> {
        let mut chosen = Vec::new();
        while chosen.len() < n.min(len) {
            let i = self.index(len);
            if !chosen.contains(&i) {
                chosen.push(i);
            }
        }
        chosen
    }
}
