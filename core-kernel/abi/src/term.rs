//! Terms: what a handler asks of the key fields of a raise, as data.
//!
//! *Concepts.* A *term* asks for one value of one key field, or for a range of them. A handler has up to
//! [`KeyField::MAX_PER_EVENT`] of them and wants the raises for which all hold; one without terms wants every raise.
//!
//! *Invariants.* `INV-ABI-4`: the terms in a [`Terms`] ascend by field, so that the same wish is always written in the same way.
//!
//! *Not here.* Whether they hold, and finding the handlers whose terms do without looking at each (`spindle-dispatcher`).

use crate::key::{KeyField, KeyKind};
use crate::{Error, Key};

/// What is asked of a key field.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asked<'a> {
    /// This value.
    Equal(Key<'a>),
    /// A number from `from` to `to`, both among them; `from` is smaller than `to`.
    Range {
        /// The smallest.
        from: u64,
        /// The largest.
        to: u64,
    },
}

impl<'a> Asked<'a> {
    /// Asks for a number from `from` to `to`, both among them.
    ///
    /// # Errors
    /// [`Error::EmptyRange`] if there is none.
    pub const fn range(from: u64, to: u64) -> Result<Self, Error> {
        if from > to {
            return Err(Error::EmptyRange { from, to });
        }
        Ok(if from == to { Self::Equal(Key::Integer(from)) } else { Self::Range { from, to } })
    }

    /// Which kind of key field can be asked this.
    pub const fn kind(&self) -> KeyKind {
        match self {
            Self::Equal(key) => key.kind(),
            Self::Range { .. } => KeyKind::Integer,
        }
    }
}

/// One wish: of which key field (an index into [`EventSpec::KEYS`](crate::EventSpec::KEYS)), and what.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Term<'a> {
    /// The key field.
    pub field: usize,
    /// What is asked of it.
    pub asked: Asked<'a>,
}

/// All that one handler asks of the key fields.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Terms<'a> {
    /// The first `count` are meant, the others are [`FILLER`].
    list: [Term<'a>; KeyField::MAX_PER_EVENT],
    count: usize,
}

const FILLER: Term<'static> = Term { field: 0, asked: Asked::Equal(Key::Integer(0)) };

impl<'a> Terms<'a> {
    /// No term: every raise is wanted.
    pub const NONE: Self = Self { list: [FILLER; KeyField::MAX_PER_EVENT], count: 0 };

    /// Puts terms together, in any order; usable in constants.
    ///
    /// # Errors
    /// [`Error::TooManyTerms`], [`Error::KeyTwice`].
    pub const fn new(terms: &[Term<'a>]) -> Result<Self, Error> {
        let mut all = Self::NONE;
        let mut at = 0;
        while at < terms.len() {
            match all.and(terms[at]) {
                Ok(more) => all = more,
                Err(error) => return Err(error),
            }
            at += 1;
        }
        Ok(all)
    }

    /// These terms and one more, at its place (INV-ABI-4).
    ///
    /// # Errors
    /// [`Error::TooManyTerms`], [`Error::KeyTwice`].
    pub const fn and(mut self, term: Term<'a>) -> Result<Self, Error> {
        if self.count == self.list.len() {
            return Err(Error::TooManyTerms);
        }
        let mut place = self.count;
        while place > 0 && self.list[place - 1].field > term.field {
            self.list[place] = self.list[place - 1];
            place -= 1;
        }
        if place > 0 && self.list[place - 1].field == term.field {
            return Err(Error::KeyTwice { field: term.field });
        }
        self.list[place] = term;
        self.count += 1;
        Ok(self)
    }

    /// The terms, ascending by field.
    pub const fn as_slice(&self) -> &[Term<'a>] {
        self.list.split_at(self.count).0
    }
}

#[cfg(test)]
mod tests {
    use super::{Asked, Term, Terms};
    use crate::{Error, Key};

    const fn equal(field: usize, value: u64) -> Term<'static> {
        Term { field, asked: Asked::Equal(Key::Integer(value)) }
    }

    #[test]
    fn terms_ascend_by_field_in_whatever_order_they_come() {
        let one_way = Terms::new(&[equal(2, 7), equal(0, 8), equal(1, 9)]);
        assert_eq!(one_way, Terms::new(&[equal(0, 8), equal(1, 9), equal(2, 7)]));
        assert_eq!(one_way.unwrap().as_slice().iter().map(|term| term.field).max(), Some(2));
    }

    #[test]
    fn one_field_is_asked_once_and_four_at_most() {
        assert_eq!(Terms::new(&[equal(3, 1), equal(1, 1), equal(3, 1)]), Err(Error::KeyTwice { field: 3 }));
        let four = Terms::new(&[equal(0, 1), equal(1, 1), equal(2, 1), equal(3, 1)]).unwrap();
        assert_eq!(four.and(equal(4, 1)), Err(Error::TooManyTerms));
    }

    #[test]
    fn a_range_of_one_value_is_that_value_and_one_of_none_is_refused() {
        assert_eq!(Asked::range(7, 7), Ok(Asked::Equal(Key::Integer(7))));
        assert_eq!(Asked::range(8, 7), Err(Error::EmptyRange { from: 8, to: 7 }));
        assert_eq!(Asked::range(0, u64::MAX), Ok(Asked::Range { from: 0, to: u64::MAX }));
    }
}
