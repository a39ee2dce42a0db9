//! The one answer to "may not".

use crate::error::{Error, Result};

/// A noun whose acts are governed by rules.
///
/// `Actor` is whatever the application knows of the one who asks.
pub trait Governed<Actor> {
    /// What can be done with the noun.
    type Act;
    /// The act of seeing that it exists.
    const SEE: Self::Act;

    /// Whether the actor may do this.
    fn allows(&self, actor: &Actor, act: &Self::Act) -> bool;

    /// Hides what may not be seen ([`Error::NotFound`]); refuses openly what
    /// may be seen but not done ([`Error::Forbidden`]).
    fn permit(&self, actor: &Actor, act: Self::Act) -> Result<&Self> {
        if !self.allows(actor, &Self::SEE) {
            Err(Error::NotFound)
        } else if !self.allows(actor, &act) {
            Err(Error::Forbidden)
        } else {
            Ok(self)
        }
    }
}
