//! Every statement has a name and is known to the statement test.

/// A statement as the test sees it: where it stands and its text.
pub struct Statement {
    pub room: &'static str,
    pub name: &'static str,
    pub sql: &'static str,
}

/// Every statement of the program, collected at link time.
#[allow(unsafe_code)] // the collecting slice is a link section; no unsafe block is ours
#[crate::linkme::distributed_slice]
#[linkme(crate = crate::linkme)]
pub static STATEMENTS: [Statement];

/// Declares statements as constants and hands them to the statement test:
/// `sql! { FIND = "SELECT …"; LIST = "SELECT …"; }`
#[macro_export]
macro_rules! sql {
    ($($(#[$meta:meta])* $name:ident = $text:expr;)+) => { $(
        $(#[$meta])*
        const $name: &str = {
            #[allow(unsafe_code)]
            #[$crate::linkme::distributed_slice($crate::db::STATEMENTS)]
            #[linkme(crate = $crate::linkme)]
            static ENTRY: $crate::db::Statement = $crate::db::Statement {
                room: module_path!(), name: stringify!($name), sql: $text,
            };
            $text
        };
    )+ };
}

/// Whether `$1`, `$2` … first appear in ascending order without gaps, as
/// SQLite's numbering by first appearance needs.
pub fn parameters_in_order(sql: &str) -> bool {
    let mut next = 1;
    for piece in sql.split('$').skip(1) {
        let digits: String = piece.chars().take_while(char::is_ascii_digit).collect();
        match digits.parse::<usize>() {
            Ok(n) if n == next => next += 1,
            Ok(n) if n > next => return false,
            _ => {}
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::parameters_in_order;

    #[test]
    fn parameters_must_appear_in_ascending_order() {
        assert!(parameters_in_order("SELECT $1, $2, $1, $3"));
        assert!(!parameters_in_order("SELECT $2, $1"));
        assert!(!parameters_in_order("SELECT $1, $3"));
    }
}
