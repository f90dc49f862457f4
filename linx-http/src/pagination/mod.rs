//! Lists that prove completeness: every row, or the reason why it cannot be said (hazards A3 to A7).

mod bounds;
mod link_header;
mod link_paging;
mod list;
mod listing;
mod scheme;
mod walk;

pub use bounds::ListBounds;
pub use link_paging::LinkPaging;
pub use list::{List, ReadRow};
pub use listing::{Completeness, Guarded, Listing, UnreadableRow};
pub use scheme::{Page, Paging};
