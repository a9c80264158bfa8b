//! Use cases of reviews.

mod list;
mod submit;

pub use list::{GetReview, ListReviews};
pub use signoff_store::reviews::{Filter as ReviewFilter, Start};
pub use submit::SubmitReview;
pub(crate) use submit::Written;
